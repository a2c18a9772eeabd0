# Contacten en aanbieders
contact-title = Contacten
contact-lead = Aan wie verzoeken mogen gaan. Elk nieuw contact wordt vóór het eerste verzoek eenmaal door een mens goedgekeurd.
contact-waiting = Goed te keuren
contact-none-waiting = Geen contact wacht op goedkeuring.
contact-providers = Aanbieders
contact-no-providers = Er is nog geen aanbieder bekend. Ze verschijnen als de host van een strafbaar onderdeel is gevonden.
contact-contacts = Contacten
contact-no-contacts = Er is geen contact bekend. Voeg er met de hand een toe.
contact-email = Mailadres
contact-email-hint = Het adres van de abuse-afdeling, bijvoorbeeld abuse@hosting.example.
contact-language = Taal van de verzoeken
contact-format = Vorm van de verzoeken
contact-format-mail = Mail
contact-format-mail-about = Tekst die mensen lezen, met elk adres erin, en niets ernaast.
contact-format-mail-csv = Mail met een tabel
contact-format-mail-csv-about = Dezelfde tekst, en een tabel (CSV) die programma's en rekenbladen lezen. Voor wie om niets anders vroeg.
contact-format-xarf-4 = Mail met XARF, versie 4
contact-format-xarf-4-about = Dezelfde tekst, en een bericht voor het programma van de abuse-afdeling; één mail voor elk adres. Alleen voor een afdeling die erom vroeg. Wat alleen naar nationaal recht illegaal is, gaat als mail met een tabel: versie 4 heeft er geen klasse voor.
contact-format-xarf-3 = Mail met XARF, versie 3
contact-format-xarf-3-about = Hetzelfde, in de oudere versie die veel programma's nog lezen; één mail voor elk adres.
contact-state = Toestand
contact-state-unapproved = goed te keuren
contact-state-approved = goedgekeurd
contact-state-refused = afgewezen
contact-found = Gevonden door
contact-found-rdap = de registratie (RDAP)
contact-found-ripestat = RIPEstat
contact-found-rfc2142 = geraden: abuse@ bij het domein van de houder van het netwerk
contact-found-hand = met de hand ingevoerd
contact-items = Onderdelen die bij deze aanbieder wachten
contact-approved-of = Contacten goedgekeurd
contact-of = { $n } van { $all }
contact-open = Onderdelen die er nog staan
contact-removed = Onderdelen verwijderd
contact-all-items = Onderdelen in totaal
contact-network = Netwerk
contact-since = Bekend sinds
contact-decided = Besloten
contact-next-unapproved = { $n ->
    [0] Ga na of dit de abuse-afdeling van de aanbieder is, bijvoorbeeld op de eigen website. Keur het daarna goed of wijs het af.
    [one] Er wacht { $n } onderdeel. Ga na of dit de abuse-afdeling van de aanbieder is, bijvoorbeeld op de eigen website. Keur het daarna goed of wijs het af.
   *[other] Er wachten { $n } onderdelen. Ga na of dit de abuse-afdeling van de aanbieder is, bijvoorbeeld op de eigen website. Keur het daarna goed of wijs het af.
}
contact-next-approved = { $n ->
    [0] Verzoeken gaan hier vanzelf heen. Niets te doen.
    [one] Verzoeken gaan hier vanzelf heen. { $n } onderdeel van deze aanbieder wacht om een andere reden.
   *[other] Verzoeken gaan hier vanzelf heen. { $n } onderdelen van deze aanbieder wachten om een andere reden.
}
contact-next-refused = { $n ->
    [0] Hier gaat geen verzoek heen. Niets te doen.
    [one] Hier gaat geen verzoek heen, en er wacht { $n } onderdeel. Zoek een ander contact van deze aanbieder, of keur dit alsnog goed.
   *[other] Hier gaat geen verzoek heen, en er wachten { $n } onderdelen. Zoek een ander contact van deze aanbieder, of keur dit alsnog goed.
}
contact-not-yours = Een analist of senior analist beslist.
contact-approve = Goedkeuren
contact-approve-lead = Verzoeken mogen voortaan naar dit adres. Alles wat erop wachtte gaat meteen verder.
contact-approve-button = Dit contact goedkeuren
contact-refuse = Afwijzen
contact-refuse-lead = Er gaat geen verzoek naar dit adres. Wat ervoor klaarstond gaat naar een ander goedgekeurd contact van de aanbieder, of wacht.
contact-refuse-button = Dit contact afwijzen
contact-change = Wijzigen
contact-change-lead = Een ander adres moet opnieuw worden goedgekeurd voordat er een verzoek heen gaat. Een andere taal of vorm niet.
contact-change-button = Bewaren
contact-add = Een contact toevoegen
contact-add-lead = Het moet zoals elk ander worden goedgekeurd vóór het eerste verzoek.
contact-add-button = Toevoegen
contact-notices = Laatste verzoeken
contact-no-notices = Hier ging nog geen verzoek heen.
contact-provider-next = { $n ->
    [one] Er wacht { $n } onderdeel op een contact. Keur een van de contacten hieronder goed, of voeg het juiste toe.
   *[other] Er wachten { $n } onderdelen op een contact. Keur een van de contacten hieronder goed, of voeg het juiste toe.
}
contact-provider-nothing = Hier wacht niets op een contact. Niets te doen.
contact-to-takedowns = Verwijderingen bij deze aanbieder
contact-fault-email = Dit heeft niet de vorm van een mailadres, zoals abuse@hosting.example.
contact-fault-placeholder = Dit adres is een plaatsvervanger van een register, of niemand leest het.
contact-fault-language = Kies een taal.
contact-fault-format = Kies een vorm.
contact-fault-taken = De aanbieder heeft al een contact met dit adres.
contact-fault-unaltered = Er is niets gewijzigd.
contact-fault-already = Het is al zoals gevraagd. Er is niets gedaan.
told-contact-approved = Het contact is goedgekeurd. Wat erop wachtte gaat verder.
told-contact-refused = Het contact is afgewezen.
told-contact-changed = Het contact is gewijzigd. Een ander adres moet opnieuw worden goedgekeurd.
told-contact-added = Het contact is toegevoegd. Keur het goed vóór het eerste verzoek.
