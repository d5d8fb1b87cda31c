# The queue of drafts: what became of an approved one, and what goes first.
state-scheduled = scheduled
state-public = public
state-withdrawn = withdrawn
queue-urgent = WITHOUT DELAY: it warns the public, and comes first.
queue-next-wait = Done; shown from { $at }.
queue-next-public = It is public.
queue-next-withdrawn = Its page was withdrawn.
queue-earlier = { $count } other drafts were settled more than two weeks ago; “sop queue --all” shows them.
