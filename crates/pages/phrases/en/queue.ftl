# The queue of reports
queue-title = Queue
queue-lead = { $n ->
    [0] No report is waiting.
    [one] { $n } report is not closed yet, by priority.
   *[other] { $n } reports are not closed yet, by priority.
}
queue-next = Take the next
queue-find = Find
queue-lost = There is no report with this number.
queue-empty = Nothing is waiting.
queue-report = Report
queue-age = Waiting
queue-age-hours = { $n ->
    [0] less than an hour
    [one] { $n } hour
   *[other] { $n } hours
}
queue-age-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
queue-channel = Came by
queue-origin-national = national
queue-origin-international = international
queue-addresses = Addresses
queue-to-judge = To judge
queue-judged = { $n } judged
queue-visits = Visit
queue-visits-wanted = { $n ->
    [one] { $n } address being visited
   *[other] { $n } addresses being visited
}
queue-visits-not-captured = { $n ->
    [one] { $n } address not captured
   *[other] { $n } addresses not captured
}
queue-visits-captured = captured
queue-no-address = no address
queue-holder = With
queue-held-by = { $name }
queue-take = Take
queue-take-this = Take report { $number }
queue-go-on = Go on
queue-go-on-with = Go on with report { $number }
queue-pages = Pages of the queue
queue-first = The first
queue-further = Further
told-queue-none-free = No report is free now.
queue-looks = In the last 24 hours
queue-mine = My work
queue-all = all
queue-filter = Show these
queue-unfilter = Show all
queue-none-such = None of the reports in the queue is like this.
queue-origin = From
queue-holding = In hand
queue-holding-nobody = with nobody
queue-holding-others = with a colleague
queue-holding-mine = with you
queue-todo = To do
queue-todo-judge = to be judged
queue-todo-visits = only visits pending
queue-list = On a hash list
queue-list-yes = on a hash list
queue-why = First because
queue-why-police = from the police
queue-why-trusted = from a trusted reporter
queue-why-partner = from another hotline
queue-why-on-list = on a hash list
queue-why-named-by = { $n ->
    [one] named by { $n } report
   *[other] named by { $n } reports
}
queue-why-captured = there at the last look
queue-search-title = Find a report
queue-sought = Report number, address, host or hash
queue-sought-hint = A whole address or a whole host, or the MD5, SHA-1, SHA-256 or PDQ of an item. Closed reports are found too.
queue-sought-unreadable = This cannot be looked for. Give a report number, a whole address, a host or a hash.
queue-lost-address = No report names this address or another one at its host.
queue-lost-host = No report names an address at this host. A part of a name is not found: give the whole host.
queue-lost-hash = No item with this hash was found at any address that is still known.
queue-at-host = No report names this address. These name others at the same host.
queue-found-more = There are more than these. Give a whole address to see fewer.
queue-received = Received, ago
queue-closed = closed
queue-left-at = Go on where you left:
