# De wachtrij van meldingen
queue-title = Wachtrij
queue-lead = { $n ->
    [0] Er wacht geen melding.
    [one] { $n } melding is nog niet afgehandeld, de oudste eerst.
   *[other] { $n } meldingen zijn nog niet afgehandeld, de oudste eerst.
}
queue-next = Neem de volgende
queue-number = Meldingsnummer
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
queue-oldest = De oudste
queue-newer = Nieuwere
told-queue-none-free = Er is nu geen melding vrij.
queue-looks = In de laatste 24 uur
queue-mine = Mijn werk
