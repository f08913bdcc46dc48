#!/bin/sh
# SPDX-License-Identifier: MIT
# build.sh FOLDER MANUAL...: the guide as HTML in a folder, with these manual pages behind it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$1
shift
mkdir -p "$out/man"
cp "$here"/*.png "$here/guide.css" "$out/"
head() {
    printf '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>%s</title>\n' "$1"
    printf '<meta name="viewport" content="width=device-width">\n<link rel="stylesheet" href="guide.css">\n</head>\n<body>\n'
}
for page in "$here"/*.md; do
    name=$(basename "$page" .md)
    { head "$(sed -n 's/^# //p; T; q' "$page")"
      [ "$name" = index ] || echo '<p><a href="index.html">Koppel</a></p>'
      # links lead to the pages that are made of these
      sed -E 's/\]\(([a-z]+)\.md\)/](\1.html)/g' "$page" | cmark
      if [ "$name" = index ]; then
          echo '<h2>Manuals</h2><ul>'
          for manual; do m=$(basename "$manual"); echo "<li><a href=\"man/$m.html\">${m%.*}(${m##*.})</a></li>"; done
          echo '</ul>'
      fi
      printf '</body>\n</html>\n'; } > "$out/$name.html"
done
for manual; do
    mandoc -T html -O style=../guide.css,man=%N.%S.html "$manual" > "$out/man/$(basename "$manual").html"
done
