# Het raam om elke pagina van het bureau
console-demonstration = Demonstratie
console-keys = Toetsen
console-hide = Alles verbergen
console-sign-out = Afmelden
console-way-here = Hoe u hier kwam
console-veil = Scherm verborgen. Druk op Enter of klik om verder te gaan.
console-key-sheet = Dit overzicht
console-key-hide = Alles meteen verbergen
console-close = Sluiten
console-chart-table = Cijfers als tabel
console-chart-row = Rij
console-chart-none = geen gegeven
console-count-items = { $n ->
    [one] { $n } onderdeel
   *[other] { $n } onderdelen
}
