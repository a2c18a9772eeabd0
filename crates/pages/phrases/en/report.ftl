# One report
report-words-title = What was sent
report-words = Words
report-seen-where = Seen where
report-reach = Can be reached
report-received = Left in the hour of
report-received-hour = (never more exact, to protect the sender)
report-nothing-said = nothing said
report-shredded = destroyed; it can never be read again
report-typed = As it was typed
report-sightings = Reported
report-sightings-count = { $n ->
    [one] { $n } time
   *[other] { $n } times, this report included
}
report-cause = Why not
report-visited = Visited
report-ended-at = Led to
report-remark = What stands there
report-remark-login = a page that asks for a name and a password
report-remark-captcha = a page that asks for a proof of being human
report-remark-paywall = a page that asks for payment
report-remark-removed = a page that says its matter is gone
report-gate = Passed by the button
report-links = Links to pictures
report-links-count = { $n ->
    [one] { $n } link, not followed
   *[other] { $n } links, not followed
}
report-visit-wanted = being visited
report-visit-captured = captured
report-visit-not-captured = not captured
report-cause-timed-out = the page did not come in time
report-cause-name-not-found = the name does not exist
report-cause-our-name-service = our name service did not answer
report-cause-refused-by-policy = our way out refuses this address
report-cause-connection-failed = the host could not be connected to
report-cause-tls-failed = no trusted connection could be made
report-cause-too-many-redirects = it leads from address to address without end
report-cause-http-status = the server answered with an error
report-cause-nothing-there = the server answered with nothing
report-cause-not-a-page = a file that is neither page nor picture
report-cause-our-way-out = our way out itself failed
report-cause-browser-failed = the browser failed
report-cause-visitor-failed = the visiting process failed
report-look-again = Look again
report-take-file = Take a file by hand
report-screenshot = Screenshot of the page
report-hold-screenshot = Hold to see the whole page
report-by-hand = Judge by hand
report-by-hand-hint = Nothing could be captured here. Judge the address from what is known of it, or look again later.
report-by-hand-why = Why not illegal (for that verdict only)
report-image = Image { $n }
report-image-of = Image { $n } of { $of }
report-progress = { $judged } of { $whole } judged
report-veiled = veiled preview, grey and blurred
report-undecodable = Not decodable: this cannot be drawn as an image.
report-not-decodable = not decodable
report-no-preview = There is no preview.
report-hold = Hold to see
report-sheet-first = See the contact sheet first.
report-hold-sheet = Hold to see the contact sheet
report-hold-film = Hold to play
report-film-speed = Speed
report-film-keys = Without sound. While you hold: ← → go five seconds, ↑ ↓ change the speed, . pauses. Held again, it goes on where it was.
report-film-not-played = No browser plays this kind of video; there is its contact sheet only.
report-reveal-failed = It could not be shown.
report-item-address = Address
report-in-page = (in the page itself)
report-taken = (a file taken by hand, as found there)
report-item-kind = Kind
report-verdict = Verdict
report-known = The same was judged before, on { $day }; the verdict is filled in.
report-same-bytes = The same as another image of this report; the verdict is filled in.
report-likeness = The same picture as one judged before; the verdict is filled in.
report-same-picture = The same picture as another image of this report, and judged with it.
report-by-itself = The same picture as one judged before; the house filled the verdict in by itself, as the senior analyst set it.
report-copies = { $n } ×
report-copies-title = { $n ->
    [one] { $n } more image is this picture and is judged with it
   *[other] { $n } more images are this picture and are judged with it
  }
report-copy-bytes = The same bytes
report-copy-differs = { $n ->
    [one] Differs in { $n } of 256 bits
   *[other] Differs in { $n } of 256 bits
  }
report-copy-apart = Not the same: judge it by itself
report-shown-above = { $n ->
    [one] { $n } image of this address is a picture that is shown above.
   *[other] { $n } images of this address are pictures that are shown above.
  }
report-alike = judged before?
report-alike-title = A picture like this was judged before
report-alike-veiled = the earlier picture: veiled preview, grey and blurred
report-alike-same = The same picture, judged on { $day } (they differ in { $distance } of 256 bits).
report-alike-like = A picture that is alike, judged on { $day } (they differ in { $distance } of 256 bits).
report-alike-turned = The same picture turned or mirrored, judged on { $day } (they differ in { $distance } of 256 bits).
report-alike-film = A video that is alike, judged on { $day } (of 100 frames { $share } are in both).
report-alike-confirm = { $n ->
    [one] The same: this verdict
   *[other] The same: this verdict for { $n } images
  }
report-alike-refuse = Not the same
report-judged-once = A content is judged once. This one has its verdict.
report-more = More about it (optional, for illegal)
report-open = to judge
report-set-apart = set apart
report-before = Before
report-after = Next
report-undo = Undo
report-all-judged = Everything is judged
report-all-judged-hint = Finish the report, or choose an image to look at it again.
report-no-items = No images were found
report-no-items-hint = Read what was sent, and finish the report with how it ends.
report-why-adult = adults
report-why-nudism = nudism
report-why-children = children, not sexualised
report-why-virtual = drawn or generated
report-why-not-found = nothing there any more
report-why-cloud = private storage
report-why-not-accessible = not accessible
report-why-legal = within the law
report-why-linking = links only
report-why-other = other
report-finish = Finish
report-outcome = How it ends
report-police = Police
report-police-first = Ask the police first: nothing is sent to the provider until they release it
report-police-reason = Because
report-note = Note
report-done = Done
report-wait-visits = { $n ->
    [one] { $n } address is still being visited.
   *[other] { $n } addresses are still being visited.
}
report-wait-items = { $n ->
    [one] { $n } image is still to be judged.
   *[other] { $n } images are still to be judged.
}
report-will-ask-removal = { $n ->
    [one] { $n } illegal image: its removal will be asked for.
   *[other] { $n } illegal images: their removal will be asked for.
}
report-yours-until = Yours until { $when }, longer while you work
report-give-back = Give back
report-closed-as = Closed: { $outcome }
report-held-by = { $name } is working on this report
report-held-until = Until { $when }, unless they go on.
report-free = Nobody is working on this report
report-free-hint = Take it to see what was sent. That it was shown to you is recorded.
report-fault-held = A colleague is working on this report.
report-fault-not-held = You do not hold this report. Take it first.
report-fault-lapsed = Your hold on this report has lapsed. Take it again; nothing that you judged is lost.
report-fault-closed = This report is closed.
report-fault-no-outcome = Choose how this report ends.
report-fault-stale = Somebody was first. This is how it stands now.
report-fault-judged-before = This was judged before. A content is judged once, so that verdict holds here as well.
report-fault-nothing-to-undo = There is nothing to undo.
report-fault-not-yours = Only the one who judged can undo it, in the same report.
report-fault-acted-on = Its removal has begun, so it can no longer be undone here.
report-fault-answers = The answers do not make a verdict. For not illegal, say why.
report-fault-not-all = Not everything is judged yet.
report-fault-visiting = Addresses are still being visited.
report-fault-token = This can be shown no longer. Reveal it again.
told-report-given-back = The report is back in the queue.
told-report-visit-wanted = The address will be visited again.
told-report-judged-by-hand = The address is judged.
told-report-done = The report is closed.
report-looks = { $images ->
    [one] { $images } image
   *[other] { $images } images
  } reported · { $needed ->
    [one] { $needed } look
   *[other] { $needed } looks
  } needed · { $saved ->
    [one] { $saved } look
   *[other] { $saved } looks
  } saved
report-looks-what = Images: found here and no mere ornaments. Needed: verdicts for which a person looked, or saw a likeness and confirmed it. Saved: verdicts that came without a look. Counted from the ledger.
report-follows-from = Follows from
report-answered-beside = Also answered
report-scheme = Judged by
report-fault-scheme = Another scheme has been put in force since this page was shown, and its keys may mean something else. Nothing was judged; look at the keys and press again.
report-take-over = Take it over
report-hand-over = Hand over
report-hand-over-to = To
report-hand-over-note = Note for your colleague
report-notes = Notes
report-fault-no-reason = Say why you take this report over.
report-fault-to-oneself = Hand the report to a colleague.
report-fault-no-note = Leave your colleague a note of at most 4,000 bytes.
told-report-handed-over = Your colleague has the report now.
