# The queue of reports
queue-title = Queue
queue-lead = { $n ->
    [0] No report is waiting.
    [one] { $n } report is not closed yet, oldest first.
   *[other] { $n } reports are not closed yet, oldest first.
}
queue-next = Take the next
queue-number = Report number
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
queue-oldest = The oldest
queue-newer = Newer
told-queue-none-free = No report is free now.
queue-looks = In the last 24 hours
queue-mine = My work
