# Cijfers
figures-title = Cijfers
figures-lead = Geteld uit het grootboek tot en met regel { $line }, naar het moment waarop iets gebeurde.
figures-until-now = Het jaar is niet voorbij, dus er is nog geen groeicijfer.
figures-year = Jaar
figures-show = Toon
figures-headlines = De belangrijkste cijfers
figures-by-year = { $title }, per jaar
figures-most = De meeste: { $label }, { $value }.
figures-all = Alle cijfers, met wat ze tellen
figures-figure = Cijfer
figures-definition = Wat er geteld is
figures-growth = Groei
figures-divided = Kanttekening en delen
figures-providers = Providers
figures-no-providers = Geen provider kreeg dit jaar iets te horen.
figures-provider = Provider
figures-notices = Verzoeken
figures-told = Gemelde onderdelen
figures-removed = Verwijderd
figures-median = Mediaan, uren
figures-p90 = 90 %, uren
figures-within = Binnen 24 uur
figures-still = Staat er nog
figures-back = Kwam terug
figures-observations = { $n ->
    [one] Over { $n } waarneming.
   *[other] Over { $n } waarnemingen.
}
figures-version = Definitie { $version }
figures-published = gepubliceerd
figures-elsewhere = Elders gepubliceerd
figures-within-48h = Binnen 48 uur
figures-within-72h = Binnen 72 uur
figures-within-7d = Binnen 7 dagen
fact-figure-published = Gepubliceerd cijfer ingebracht
figures-document = Als document
