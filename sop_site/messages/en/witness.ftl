# Words of the witness: what was seen public.
witness-looking = Looking at what is served
witness-recorded = Recorded (number { $sequence }): approval { $tip } is seen public at { $place } since { $since }.
witness-checked = Recorded (number { $sequence }): approval { $tip } is still public at { $place }; seen since { $since }.
witness-known = On record already: approval { $tip } is seen public at { $place } since { $since }, last recorded { $checked }.
witness-behind = Note: { $behind } newer approvals are not served there yet. Show them with “sop build” and “sop deploy”.
build-tip-unknown = { $tip } is no approval of this history.
    .advice = Name the approval's whole commit id; “sop verify --json” lists them all.
witness-refused = Nothing was recorded: the history of approvals does not verify.
witness-not-sound = What is served at { $place } is not what its manifest says. Nothing was recorded.
    .advice = Run “sop audit { $place }” for the details, then deploy again with “sop deploy”. If it was deployed just now, wait some minutes and repeat.
witness-foreign = What is served at { $place } names approval { $tip }, which is not in the verified history here. Nothing was recorded.
    .advice = Fetch the newest history from the shared copy, then repeat. If that does not help, do not trust that site, and deploy again with “sop build” and “sop deploy”.
witness-outdated = What is served at { $place } was built for { $built }; since then a page has begun or ended its time on the site. Nothing was recorded.
    .advice = Build for the present time with “sop build --now”, run “sop deploy”, then repeat.
witness-not-approved = What is served at { $place } is not what the approved content gives. Nothing was recorded.
    .advice = Deploy again with “sop build --clean” and “sop deploy”, and find out who changed what is served.
