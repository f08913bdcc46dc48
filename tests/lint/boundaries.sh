#!/bin/sh
# SPDX-License-Identifier: MIT
# Who may include what, what nobody may call, and where nothing may be printed.
set -u
cd "$(dirname "$0")/../.." || exit 2
bad=0
only() { # only HEADER FOLDER: HEADER is included in FOLDER and nowhere else in core and plugins
    found=$(grep -rlE "#include [<\"]$1" core plugins --include='*.[ch]' | grep -v "^$2")
    [ -z "$found" ] || { echo "$1 is included outside $2: $found"; bad=1; }
}
only 'ltdl\.h' core/plugin/
only 'curl/' core/http/
only 'libconfig\.h' core/config/
only 'sqlite3\.h' core/store/
only 'expat\.h' plugins/mpluskassa/
banned=$(grep -rnE '\b(strcpy|strcat|sprintf|vsprintf|atoi|atol|atof|strtok|gets|system|setlocale)\(' core plugins --include='*.[ch]')
[ -z "$banned" ] || { echo "banned calls:"; echo "$banned"; bad=1; }
jansson=$(grep -rnE '\bjson_(loads|loadb|loadf|load_file|dumps|dumpb|dumpf|dump_file|real)\(' core --include='*.[ch]' | grep -v '^core/base/json_text\.c')
[ -z "$jansson" ] || { echo "JSON beside base/json_read.h and base/json_text.h:"; echo "$jansson"; bad=1; }
printing=$(grep -rnE '\b(printf|puts|putchar)\(' core --include='*.c' | grep -vE '^core/(commands/|main\.c)' | grep -v '__attribute__')
[ -z "$printing" ] || { echo "printing below the commands:"; echo "$printing"; bad=1; }
floats=$(grep -rnE '\b(double|float)\b' core plugins --include='*.c' | grep -vE '^[^:]*:[0-9]+: *(\*|//|/\*)' | grep -vE 'KOPPEL-FLOAT')
[ -z "$floats" ] || { echo "floating point:"; echo "$floats"; bad=1; }
exit $bad
