# The page of a provider's abuse desk
hatch-title = What we told you of
hatch-lead = { $hotline } asked you to remove what stands at these addresses. Tell us here what you did; no account is needed.
hatch-until = This link leads here until { $at }.
hatch-there = { $n ->
    [0] Nothing is still there, as far as we know
    [one] { $n } item is still there, as far as we know
   *[other] { $n } items are still there, as far as we know
}
hatch-empty = There is nothing that we told you of and that still concerns you.
hatch-shredded = (address destroyed, its time is over)
hatch-still-there = still there
hatch-not-looked-at = not looked at any more
hatch-removed-at = removed, concluded { $at }
hatch-page = on the page
hatch-notice = notice
hatch-told = told
hatch-last-seen = last seen
hatch-ip = IP address
hatch-sha256 = SHA-256
hatch-say = What do you want to say about the items you ticked?
hatch-say-removed = We removed them
hatch-say-not-host = We do not host them
hatch-say-objection = We object
hatch-words = If you object: why?
hatch-words-hint = A senior analyst reads it. At most 2,000 characters; please no personal data.
hatch-said-removed = You said that you removed it
hatch-said-not-host = You said that you do not host it
hatch-said-objection = You objected
hatch-outcome-open = We are looking into it.
hatch-outcome-checked = We looked at once, and look again until it is gone.
hatch-outcome-other-host = Another host was found and told.
hatch-outcome-upheld = We agreed.
hatch-outcome-dismissed = We looked into it; our request stands.
hatch-taken = { $n ->
    [one] Taken down for { $n } item. Thank you.
   *[other] Taken down for { $n } items. Thank you.
}
hatch-said-before = { $n ->
    [one] For { $n } item you said so before; we are still working on it.
   *[other] For { $n } items you said so before; we are still working on it.
}
hatch-not-yours = { $n ->
    [one] { $n } item is not on your list any more.
   *[other] { $n } items are not on your list any more.
}
hatch-wrong = Nothing was taken down yet
hatch-fault-nothing = Tick the items that it is about.
hatch-fault-say = Choose what you want to say.
hatch-fault-words = Say why you object.
hatch-fault-long = Say it in at most 2,000 characters.
hatch-pages = Pages
hatch-earlier = Earlier items
hatch-later = More items
hatch-machines = For your systems
hatch-machines-says = The same list to be read by machines, up to once a minute. JSON goes on with "from" at the number it gives as "next".
hatch-again = Send a new link
hatch-again-says = A new link goes to the mail address of your abuse desk that we know, and nowhere else.
hatch-logged = That this page was read is recorded, without a trace of who read it. Whoever has the link can open it: pass it on with care.
hatch-no-link = This link does not lead anywhere. It may be incomplete, or your mail address with us was changed; our next notice carries a new link.
hatch-ended = This link has ended. We can send a new one to the mail address of your abuse desk.
hatch-link-coming = If your abuse desk is known to us, a new link is on its way to its mail address.
hatch-wait = This page was asked for very often. Please wait a minute.
hatch-out = Something failed on our side. Nothing was lost; please try again in a minute.
