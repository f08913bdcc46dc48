#!/bin/sh
# SPDX-License-Identifier: MIT
# Holds every request message of the MplusKASSA connector against the vendor's schema.
# KOPPEL_MPLUS_XSD says where the schema is; TEST_SOAP which program prints the messages, TEST_MPLUS
# which tests make calls whose requests are looked at too.
set -u

skip() {
    echo "SKIP: $1"
    exit 77
}

program=${TEST_SOAP:-./tests/unit/test_soap_requests}
tests=${TEST_MPLUS:-./tests/unit/test_mplus_documents ./tests/unit/test_mplus_goods
./tests/unit/test_mplus_pages ./tests/unit/test_mplus_sales ./tests/unit/test_mplus_stock}
schema=${KOPPEL_MPLUS_XSD:-}

[ -n "$schema" ] || skip "KOPPEL_MPLUS_XSD does not say where the vendor's schema is"
[ -r "$schema" ] || skip "there is no schema $schema"
command -v xmllint >/dev/null 2>&1 || skip "xmllint is not installed"
[ -x "$program" ] || skip "there is no program $program"

folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT

for name in $("$program" --names); do
    "$program" --print "$name" >"$folder/$name.envelope" || exit 1
done
for test in $tests; do
    before=$(ls "$folder" | wc -l)
    KOPPEL_SOAP_DUMP=$folder "$test" >"$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
    [ "$(ls "$folder" | wc -l)" -gt "$before" ] || { echo "$test made no request"; exit 1; }
done

# Only what stands inside the SOAP body belongs to the vendor's schema.
for envelope in "$folder"/*.envelope; do
    sed -n -e 's/.*<s:Body><m:\([A-Za-z0-9]*\)/<m:\1 xmlns:m="urn:mplusqapi"/' \
        -e 's/<\/s:Body><\/s:Envelope>$//' -e '2,$p' "$envelope" >"${envelope%.envelope}.xml"
done
count=$(ls "$folder" | grep -c '\.xml$')
[ "$count" -ge 15 ] || { echo "only $count messages were printed"; exit 1; }
xmllint --noout --schema "$schema" "$folder"/*.xml >"$folder/log" 2>&1
if [ "$(grep -c ' validates$' "$folder/log")" -ne "$count" ]; then
    grep -v ' validates$' "$folder/log"
    exit 1
fi
echo "$count messages agree with the schema"
