# De meldlijn op WhatsApp en Telegram
chat-welcome =
    Dit is de meldlijn van { $hotline }. U kunt hier melden wat u in een chat of op internet zag.

    Stuur het webadres, of vertel waar u het zag. Stuur geen foto's of video's: die nemen wij niet aan.

    Dit is niet voor noodgevallen: bel dan 112. Het bedrijf achter deze app kan zien dat u ons schrijft. Helemaal anoniem melden kan op { $page }. Wissen kunt u dit gesprek in uw eigen app; bij ons verdwijnt het vanzelf.

    Stuur HELP voor uitleg, ENGLISH for English, STOP om te stoppen.
chat-distress-danger = Is er nu iemand in gevaar? Wacht niet op ons en vraag direct hulp:
chat-distress-threat = Wordt u bedreigd of gechanteerd? Betaal niet, stuur niets meer en vraag hulp. Het is niet uw schuld:
chat-distress-own-picture = Gaat het om een beeld van uzelf of van uw kind? Het is niet uw schuld, en er is hulp om het weg te krijgen:
chat-distress-own-behaviour = Maakt u zich zorgen om uw eigen gedrag? U kunt daar anoniem over praten:
chat-noted-addresses = Genoteerd, nog niet gemeld:
chat-noted-more = … en nog { $more }
chat-noted-words = Genoteerd wat u schreef, nog niet gemeld.
chat-noted-ask = Stuur JA om het te melden, of schrijf verder. Schrijft u niets meer, dan melden wij het straks vanzelf.
chat-no-media = Wij hebben uw bestand niet opgehaald en niet bekeken. Stuur liever het webadres, of de naam van de groep of het account. Bewaar het niet en stuur het niet door.
chat-no-personal = Een contact of een locatie bewaren wij niet. Die hebben wij weggegooid.
chat-not-read = Dit soort bericht kunnen wij niet lezen. Stuur het webadres of schrijf wat u zag.
chat-how-to = Stuur het webadres, of schrijf wat u zag en waar. Daarna vragen wij of wij het zo mogen melden.
chat-help =
    Zo werkt het: u stuurt een webadres of schrijft wat u zag, u stuurt JA, en u krijgt een code. Een mens beoordeelt het.

    STATUS: hoe staat het met mijn melding? NIEUW: nog een melding. STOP: stoppen; wat u al schreef, wordt gemeld. ENGLISH: English.

    Hulp voor uzelf:
chat-go-on = Goed, schrijf verder. Stuur JA als het compleet is.
chat-speaking = Wij gaan verder in het Nederlands.
chat-no-report = U heeft hier nog niets gemeld.
chat-registered =
    Uw melding is opgeslagen. Uw code is { $receipt }

    Met die code ziet u op { $page } wat er is gebeurd. U kunt hier ook STATUS sturen. Dank u wel.
chat-registered-silence =
    Omdat er niets meer kwam, hebben wij gemeld wat u schreef. Uw code is { $receipt }

    Met die code ziet u op { $page } wat er is gebeurd. U kunt hier ook STATUS sturen. Dank u wel.
chat-stopped = Wij schrijven u niet meer. Schrijft u ons opnieuw, dan beginnen wij opnieuw.
chat-status-received = Uw melding is binnen en wacht op beoordeling.
chat-status-being-assessed = Uw melding wordt beoordeeld.
chat-status-sent-on = Uw melding is doorgegeven aan wie er iets aan kan doen.
chat-status-removed = Wat u meldde, is verdwenen.
chat-status-not-illegal = Wat u meldde, is beoordeeld en is niet strafbaar.
chat-status-closed = Uw melding is afgesloten. Er was niets te vinden, of wij konden er niets aan doen.
chat-status-unknown = Wat er met uw melding is gebeurd, kunnen wij nu niet nakijken. Probeer het later nog eens.
chat-mark-photo = foto, niet opgehaald
chat-mark-video = video, niet opgehaald
chat-mark-sound = geluid, niet opgehaald
chat-mark-file = bestand, niet opgehaald
chat-mark-sticker = sticker, niet opgehaald
chat-mark-forwarded = doorgestuurd
chat-mark-forwarded-often = vaak doorgestuurd
chat-mark-edited = later veranderd in
chat-mark-taken-back = een bericht is door de afzender ingetrokken

fact-conversation-begun = Chatgesprek begonnen
fact-conversation-reported = Melding uit een chatgesprek gemaakt
fact-chat-text-not-delivered = Chatbericht niet bezorgd
