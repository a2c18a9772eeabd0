# De wachtrij van meldingen
queue-title = Wachtrij
queue-lead = { $n ->
    [0] Er wacht geen melding.
    [one] { $n } melding is nog niet afgehandeld, op volgorde van voorrang.
   *[other] { $n } meldingen zijn nog niet afgehandeld, op volgorde van voorrang.
}
queue-next = Neem de volgende
queue-find = Zoek
queue-lost = Er is geen melding met dit nummer.
queue-empty = Er wacht niets.
queue-report = Melding
queue-age = Wacht
queue-age-hours = { $n ->
    [0] minder dan een uur
    [one] { $n } uur
   *[other] { $n } uur
}
queue-age-days = { $n ->
    [one] { $n } dag
   *[other] { $n } dagen
}
queue-channel = Kwam via
queue-origin-national = nationaal
queue-origin-international = internationaal
queue-addresses = Adressen
queue-to-judge = Te beoordelen
queue-judged = { $n } beoordeeld
queue-visits = Bezoek
queue-visits-wanted = { $n ->
    [one] { $n } adres wordt bezocht
   *[other] { $n } adressen worden bezocht
}
queue-visits-not-captured = { $n ->
    [one] { $n } adres niet vastgelegd
   *[other] { $n } adressen niet vastgelegd
}
queue-visits-captured = vastgelegd
queue-no-address = geen adres
queue-holder = Bij
queue-held-by = { $name }
queue-take = Neem
queue-take-this = Neem melding { $number }
queue-go-on = Ga verder
queue-go-on-with = Ga verder met melding { $number }
queue-pages = Bladzijden van de wachtrij
queue-first = De eerste
queue-further = Verder
told-queue-none-free = Er is nu geen melding vrij.
queue-looks = In de laatste 24 uur
queue-mine = Mijn werk
queue-all = alle
queue-filter = Toon deze
queue-unfilter = Toon alle
queue-none-such = Geen van de meldingen in de wachtrij is zo.
queue-origin = Vanuit
queue-holding = In handen
queue-holding-nobody = bij niemand
queue-holding-others = bij een collega
queue-holding-mine = bij u
queue-todo = Te doen
queue-todo-judge = te beoordelen
queue-todo-visits = wacht alleen op bezoek
queue-list = Op een hashlijst
queue-list-yes = op een hashlijst
queue-why = Eerst omdat
queue-why-police = van de politie
queue-why-trusted = van een vertrouwde melder
queue-why-partner = van een ander meldpunt
queue-why-on-list = op een hashlijst
queue-why-named-by = { $n ->
    [one] genoemd door { $n } melding
   *[other] genoemd door { $n } meldingen
}
queue-why-captured = bij het laatste bezoek aanwezig
queue-search-title = Zoek een melding
queue-sought = Meldingsnummer, adres, host of hash
queue-sought-hint = Een heel adres of een hele host, of de MD5, SHA-1, SHA-256 of PDQ van een item. Ook afgesloten meldingen worden gevonden.
queue-sought-unreadable = Hierop kan niet worden gezocht. Geef een meldingsnummer, een heel adres, een host of een hash.
queue-lost-address = Geen melding noemt dit adres of een ander adres op deze host.
queue-lost-host = Geen melding noemt een adres op deze host. Een deel van een naam wordt niet gevonden: geef de hele host.
queue-lost-hash = Geen item met deze hash is gevonden op een adres dat nog bekend is.
queue-at-host = Geen melding noemt dit adres. Deze noemen andere op dezelfde host.
queue-found-more = Er zijn er meer dan deze. Geef een heel adres om er minder te zien.
queue-received = Ontvangen, geleden
queue-closed = afgesloten
queue-left-at = Ga verder waar u was:
