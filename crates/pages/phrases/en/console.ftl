# The frame around every page of the desk
console-demonstration = Demonstration
console-keys = Keys
console-hide = Hide everything
console-sign-out = Sign out
console-way-here = The way here
console-veil = Screen hidden. Press Enter or click to go on.
console-key-sheet = This overview
console-key-hide = Hide everything at once
console-close = Close
console-chart-table = Figures as a table
console-chart-row = Row
console-chart-none = no figure
console-count-items = { $n ->
    [one] { $n } item
   *[other] { $n } items
}
