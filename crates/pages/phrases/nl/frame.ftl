# Het raam om elke pagina van de voordeur
frame-title = Formulier
frame-skip = Naar de inhoud
frame-nav = Hoofdmenu
frame-follow = Code invoeren
frame-about = Uitleg
frame-exit = Verlaat deze site
frame-exit-hint = Gaat meteen naar een neutrale pagina
frame-exit-note = De knop ‘Verlaat deze site’ brengt u naar een neutrale pagina. Uw browsergeschiedenis wist hij niet; gebruik daarvoor een privévenster of wis de geschiedenis zelf.
frame-demonstration = Dit is een demonstratie. Wat u hier invult, wordt niet behandeld.
frame-help-title = Hulp voor uzelf of een ander
frame-help-lead = Heeft wat u zag u geraakt, of is er meer aan de hand? U staat er niet alleen voor.
frame-call = Bel { $who }
frame-privacy = Deze site plaatst geen cookies, gebruikt geen scripts en bewaart geen IP‑adressen.
frame-exit-region = Snel weg
