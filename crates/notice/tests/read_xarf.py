# Reads one XARF report with the package of the specification's authors; prints its category and type.
import sys, warnings
import xarf

warnings.simplefilter("ignore")
result = xarf.parse(sys.argv[1])
assert not result.errors, result.errors
print(f"{result.report.category}/{result.report.type}")
