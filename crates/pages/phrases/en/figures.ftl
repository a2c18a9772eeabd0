# Figures
figures-title = Figures
figures-lead = Counted from the ledger up to line { $line }, by when things happened.
figures-until-now = The year is not over, so no growth is given.
figures-year = Year
figures-show = Show
figures-headlines = The most important figures
figures-by-year = { $title }, by year
figures-most = Most: { $label }, { $value }.
figures-all = All figures, with what they count
figures-figure = Figure
figures-definition = What is counted
figures-growth = Growth
figures-divided = Caveat and parts
figures-providers = Providers
figures-no-providers = No provider was told of anything this year.
figures-provider = Provider
figures-notices = Notices
figures-told = Items told of
figures-removed = Removed
figures-median = Median, hours
figures-p90 = 90 %, hours
figures-within = Within 24 hours
figures-still = Still there
figures-back = Came back
figures-observations = { $n ->
    [one] Over { $n } observation.
   *[other] Over { $n } observations.
}
figures-version = Definition { $version }
figures-published = published
figures-elsewhere = Published elsewhere
figures-within-48h = Within 48 hours
figures-within-72h = Within 72 hours
figures-within-7d = Within 7 days
fact-figure-published = Published figure brought in
figures-document = As a document
