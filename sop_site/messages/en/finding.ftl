# Words for finding files that there are, and for telling that pictures look the same.
finding-learning = Getting to know the files there are
finding-public = public
finding-draft = in draft { $draft }
finding-unused = its page does not name it
finding-size = { $kilobytes } KB
finding-kind-picture = picture
finding-kind-drawing = drawing
finding-kind-document = document
finding-kind-video = video
finding-kind-captions = captions
finding-kind-office = office file
media-near-duplicate = This picture looks like one that is public on { $page }: { $known }
    .advice = If it is the same picture, link to that page instead, or choose another photograph.
