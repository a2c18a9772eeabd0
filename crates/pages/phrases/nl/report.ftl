# Eén melding
report-words-title = Wat er gestuurd is
report-words = Woorden
report-seen-where = Gezien waar
report-reach = Te bereiken via
report-received = Achtergelaten in het uur van
report-received-hour = (nooit preciezer, om de melder te beschermen)
report-nothing-said = niets gezegd
report-shredded = vernietigd; dit kan nooit meer worden gelezen
report-typed = Zoals het getypt is
report-sightings = Gemeld
report-sightings-count = { $n ->
    [one] { $n } keer
   *[other] { $n } keer, deze melding meegeteld
}
report-cause = Waarom niet
report-visited = Bezocht
report-ended-at = Leidde naar
report-remark = Wat daar staat
report-remark-login = een pagina die om een naam en een wachtwoord vraagt
report-remark-captcha = een pagina die een bewijs vraagt dat u een mens bent
report-remark-paywall = een pagina die om betaling vraagt
report-remark-removed = een pagina die zegt dat de inhoud weg is
report-gate = Voorbijgegaan met de knop
report-links = Links naar afbeeldingen
report-links-count = { $n ->
    [one] { $n } link, niet gevolgd
   *[other] { $n } links, niet gevolgd
}
report-visit-wanted = wordt bezocht
report-visit-captured = vastgelegd
report-visit-not-captured = niet vastgelegd
report-cause-timed-out = de pagina kwam niet op tijd
report-cause-name-not-found = de naam bestaat niet
report-cause-our-name-service = onze naamdienst antwoordde niet
report-cause-refused-by-policy = onze uitgang weigert dit adres
report-cause-connection-failed = met de host kwam geen verbinding tot stand
report-cause-tls-failed = er kwam geen vertrouwde verbinding tot stand
report-cause-too-many-redirects = het leidt zonder einde van adres naar adres
report-cause-http-status = de server antwoordde met een fout
report-cause-nothing-there = de server antwoordde met niets
report-cause-not-a-page = een bestand dat geen pagina en geen beeld is
report-cause-our-way-out = onze uitgang zelf faalde
report-cause-browser-failed = de browser faalde
report-cause-visitor-failed = het bezoekende proces faalde
report-look-again = Kijk opnieuw
report-take-file = Bestand met de hand opnemen
report-screenshot = Schermafdruk van de pagina
report-hold-screenshot = Houd vast om de hele pagina te zien
report-by-hand = Met de hand beoordelen
report-by-hand-hint = Hier kon niets worden vastgelegd. Beoordeel het adres op wat erover bekend is, of kijk later opnieuw.
report-by-hand-why = Waarom niet strafbaar (alleen bij dat oordeel)
report-image = Beeld { $n }
report-image-of = Beeld { $n } van { $of }
report-progress = { $judged } van { $whole } beoordeeld
report-veiled = versluierd voorbeeld, grijs en vervaagd
report-undecodable = Niet te decoderen: dit kan niet als beeld worden getekend.
report-not-decodable = niet te decoderen
report-no-preview = Er is geen voorbeeld.
report-hold = Houd vast om te zien
report-sheet-first = Bekijk eerst het overzichtsblad.
report-hold-sheet = Houd vast om het overzichtsblad te zien
report-hold-film = Houd vast om af te spelen
report-film-speed = Snelheid
report-film-keys = Zonder geluid. Terwijl u vasthoudt: ← → gaat vijf seconden, ↑ ↓ verandert de snelheid, . pauzeert. Houdt u opnieuw vast, dan gaat hij verder waar hij was.
report-film-not-played = Geen browser speelt dit soort video af; er is alleen het overzichtsblad.
report-reveal-failed = Het kon niet worden getoond.
report-item-address = Adres
report-in-page = (in de pagina zelf)
report-taken = (een met de hand opgenomen bestand, zoals daar gevonden)
report-item-kind = Soort
report-verdict = Oordeel
report-known = Hetzelfde is eerder beoordeeld, op { $day }; het oordeel is ingevuld.
report-same-bytes = Hetzelfde als een ander beeld van deze melding; het oordeel is ingevuld.
report-likeness = Hetzelfde beeld als een dat eerder is beoordeeld; het oordeel is ingevuld.
report-same-picture = Hetzelfde beeld als een ander van deze melding, en daarmee samen beoordeeld.
report-by-itself = Hetzelfde beeld als een dat eerder is beoordeeld; het oordeel is vanzelf ingevuld, zoals de senior analist dat heeft ingesteld.
report-copies = { $n } ×
report-copies-title = { $n ->
    [one] Nog { $n } afbeelding is dit beeld en wordt mee beoordeeld
   *[other] Nog { $n } afbeeldingen zijn dit beeld en worden mee beoordeeld
  }
report-copy-bytes = Dezelfde bytes
report-copy-differs = { $n ->
    [one] Verschilt in { $n } van 256 bits
   *[other] Verschilt in { $n } van 256 bits
  }
report-copy-apart = Niet hetzelfde: beoordeel het apart
report-shown-above = { $n ->
    [one] { $n } afbeelding van dit adres is een beeld dat hierboven al staat.
   *[other] { $n } afbeeldingen van dit adres zijn beelden die hierboven al staan.
  }
report-alike = eerder beoordeeld?
report-alike-title = Een beeld als dit is eerder beoordeeld
report-alike-veiled = het eerdere beeld: verhulde voorvertoning, grijs en vervaagd
report-alike-same = Hetzelfde beeld, beoordeeld op { $day } (zij verschillen in { $distance } van 256 bits).
report-alike-like = Een beeld dat erop lijkt, beoordeeld op { $day } (zij verschillen in { $distance } van 256 bits).
report-alike-turned = Hetzelfde beeld, gedraaid of gespiegeld, beoordeeld op { $day } (zij verschillen in { $distance } van 256 bits).
report-alike-film = Een video die erop lijkt, beoordeeld op { $day } (van 100 beelden zijn er { $share } in beide).
report-alike-confirm = { $n ->
    [one] Hetzelfde: dit oordeel
   *[other] Hetzelfde: dit oordeel voor { $n } beelden
  }
report-alike-refuse = Niet hetzelfde
report-judged-once = Iets wordt één keer beoordeeld. Dit heeft zijn oordeel.
report-more = Meer hierover (mag, bij strafbaar)
report-open = te beoordelen
report-set-apart = apart gezet
report-before = Vorige
report-after = Volgende
report-undo = Ongedaan maken
report-all-judged = Alles is beoordeeld
report-all-judged-hint = Rond de melding af, of kies een beeld om er nog eens naar te kijken.
report-no-items = Er zijn geen beelden gevonden
report-no-items-hint = Lees wat er gestuurd is en rond de melding af met hoe die eindigt.
report-why-adult = volwassenen
report-why-nudism = naaktrecreatie
report-why-children = kinderen, niet geseksualiseerd
report-why-virtual = getekend of gegenereerd
report-why-not-found = niets meer te vinden
report-why-cloud = besloten opslag
report-why-not-accessible = niet toegankelijk
report-why-legal = binnen de wet
report-why-linking = alleen verwijzingen
report-why-other = anders
report-finish = Afronden
report-outcome = Hoe die eindigt
report-police = Politie
report-police-first = Eerst naar de politie: de provider hoort niets tot zij het vrijgeven
report-police-reason = Omdat
report-note = Notitie
report-done = Klaar
report-wait-visits = { $n ->
    [one] { $n } adres wordt nog bezocht.
   *[other] { $n } adressen worden nog bezocht.
}
report-wait-items = { $n ->
    [one] { $n } beeld moet nog worden beoordeeld.
   *[other] { $n } beelden moeten nog worden beoordeeld.
}
report-will-ask-removal = { $n ->
    [one] { $n } strafbaar beeld: om verwijdering wordt gevraagd.
   *[other] { $n } strafbare beelden: om verwijdering wordt gevraagd.
}
report-yours-until = Bij u tot { $when }, langer zolang u bezig bent
report-give-back = Geef terug
report-closed-as = Afgehandeld: { $outcome }
report-held-by = { $name } is met deze melding bezig
report-held-until = Tot { $when }, tenzij het werk doorgaat.
report-free = Niemand is met deze melding bezig
report-free-hint = Neem de melding om te zien wat er gestuurd is. Dat u het zag wordt vastgelegd.
report-fault-held = Een collega is met deze melding bezig.
report-fault-not-held = U heeft deze melding niet. Neem haar eerst.
report-fault-lapsed = Uw tijd voor deze melding is verlopen. Neem haar opnieuw; wat u beoordeelde is er nog.
report-fault-closed = Deze melding is afgehandeld.
report-fault-no-outcome = Kies hoe deze melding eindigt.
report-fault-stale = Iemand was eerder. Zo staat het er nu voor.
report-fault-judged-before = Dit is eerder beoordeeld. Iets wordt één keer beoordeeld, dus dat oordeel geldt ook hier.
report-fault-nothing-to-undo = Er is niets om ongedaan te maken.
report-fault-not-yours = Alleen wie het oordeel gaf kan het ongedaan maken, in dezelfde melding.
report-fault-acted-on = De verwijdering is begonnen, dus dit kan hier niet meer ongedaan worden gemaakt.
report-fault-answers = Uit de antwoorden volgt geen oordeel. Zeg bij niet strafbaar waarom.
report-fault-not-all = Nog niet alles is beoordeeld.
report-fault-visiting = Adressen worden nog bezocht.
report-fault-token = Dit kan niet meer worden getoond. Onthul het opnieuw.
told-report-given-back = De melding is terug in de wachtrij.
told-report-visit-wanted = Het adres wordt opnieuw bezocht.
told-report-judged-by-hand = Het adres is beoordeeld.
told-report-done = De melding is afgehandeld.
report-looks = { $images ->
    [one] { $images } afbeelding
   *[other] { $images } afbeeldingen
  } gemeld · { $needed ->
    [one] { $needed } blik
   *[other] { $needed } blikken
  } nodig · { $saved ->
    [one] { $saved } blik
   *[other] { $saved } blikken
  } bespaard
report-looks-what = Afbeeldingen: hier gevonden en meer dan versiering. Nodig: oordelen waarvoor een mens keek, of een gelijkenis zag en bevestigde. Bespaard: oordelen die zonder blik tot stand kwamen. Geteld uit het logboek.
report-follows-from = Volgt uit
report-answered-beside = Ook beantwoord
report-scheme = Beoordeeld volgens
report-fault-scheme = Er geldt een ander schema sinds deze pagina werd getoond; de toetsen kunnen iets anders betekenen. Er is niets beoordeeld: kijk naar de toetsen en druk opnieuw.
report-take-over = Overnemen
report-hand-over = Overdragen
report-hand-over-to = Aan
report-hand-over-note = Notitie voor uw collega
report-notes = Notities
report-fault-no-reason = Zeg waarom u deze melding overneemt.
report-fault-to-oneself = Draag de melding over aan een collega.
report-fault-no-note = Laat uw collega een notitie na van hoogstens 4.000 bytes.
told-report-handed-over = Uw collega heeft de melding nu.
