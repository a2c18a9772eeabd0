# De pagina van de afdeling misbruikmeldingen van een provider
hatch-title = Wat wij u hebben gemeld
hatch-lead = { $hotline } heeft u gevraagd te verwijderen wat op deze adressen staat. Laat hier weten wat u hebt gedaan; een account is niet nodig.
hatch-until = Deze link werkt tot { $at }.
hatch-there = { $n ->
    [0] Voor zover wij weten staat er niets meer
    [one] Voor zover wij weten staat { $n } item er nog
   *[other] Voor zover wij weten staan { $n } items er nog
}
hatch-empty = Er is niets dat wij u hebben gemeld en dat u nog aangaat.
hatch-shredded = (adres vernietigd, de bewaartijd is voorbij)
hatch-still-there = staat er nog
hatch-not-looked-at = wordt niet meer bekeken
hatch-removed-at = verwijderd, vastgesteld { $at }
hatch-page = op de pagina
hatch-notice = melding
hatch-told = gemeld
hatch-last-seen = laatst gezien
hatch-ip = IP-adres
hatch-sha256 = SHA-256
hatch-say = Wat wilt u laten weten over de aangevinkte items?
hatch-say-removed = Wij hebben ze verwijderd
hatch-say-not-host = Wij hosten ze niet
hatch-say-objection = Wij maken bezwaar
hatch-words = Als u bezwaar maakt: waarom?
hatch-words-hint = Een senior analist leest het. Hooguit 2.000 tekens; liever geen persoonsgegevens.
hatch-said-removed = U liet weten dat u het hebt verwijderd
hatch-said-not-host = U liet weten dat u het niet host
hatch-said-objection = U maakte bezwaar
hatch-outcome-open = Wij zoeken het uit.
hatch-outcome-checked = Wij hebben meteen gekeken, en kijken opnieuw tot het weg is.
hatch-outcome-other-host = Er is een andere host gevonden en ingelicht.
hatch-outcome-upheld = Wij zijn het met u eens.
hatch-outcome-dismissed = Wij hebben het uitgezocht; ons verzoek blijft staan.
hatch-taken = { $n ->
    [one] Genoteerd voor { $n } item. Dank u wel.
   *[other] Genoteerd voor { $n } items. Dank u wel.
}
hatch-said-before = { $n ->
    [one] Voor { $n } item liet u dit al weten; wij zijn er nog mee bezig.
   *[other] Voor { $n } items liet u dit al weten; wij zijn er nog mee bezig.
}
hatch-not-yours = { $n ->
    [one] { $n } item staat niet meer op uw lijst.
   *[other] { $n } items staan niet meer op uw lijst.
}
hatch-wrong = Er is nog niets genoteerd
hatch-fault-nothing = Vink de items aan waar het om gaat.
hatch-fault-say = Kies wat u wilt laten weten.
hatch-fault-words = Laat weten waarom u bezwaar maakt.
hatch-fault-long = Gebruik hooguit 2.000 tekens.
hatch-pages = Pagina's
hatch-earlier = Eerdere items
hatch-later = Meer items
hatch-machines = Voor uw systemen
hatch-machines-says = Dezelfde lijst om door machines te laten lezen, tot één keer per minuut. JSON gaat verder met "from" bij het getal dat als "next" is gegeven.
hatch-again = Stuur een nieuwe link
hatch-again-says = Een nieuwe link gaat naar het mailadres van uw afdeling misbruikmeldingen dat wij kennen, en nergens anders heen.
hatch-logged = Dat deze pagina is gelezen wordt vastgelegd, zonder spoor van wie haar las. Wie de link heeft kan haar openen: geef hem met zorg door.
hatch-no-link = Deze link leidt nergens heen. Misschien is hij niet volledig, of is uw mailadres bij ons gewijzigd; in onze volgende melding staat een nieuwe link.
hatch-ended = Deze link werkt niet meer. Wij kunnen een nieuwe sturen naar het mailadres van uw afdeling misbruikmeldingen.
hatch-link-coming = Als uw afdeling misbruikmeldingen bij ons bekend is, is een nieuwe link onderweg naar haar mailadres.
hatch-wait = Deze pagina is erg vaak gevraagd. Wacht alstublieft een minuut.
hatch-out = Er ging bij ons iets mis. Er is niets verloren; probeer het over een minuut opnieuw.
