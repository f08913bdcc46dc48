#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What nobody may call or include, and what only one folder may."""
import re

import tree

bad = []
code = {path: tree.bare(tree.text(path))
        for path in tree.files("core/*.[ch]", "core/*/*.[ch]", "plugins/*/*.[ch]")}


def forbid(pattern, why, where=lambda path: True):
    """No match in the code (comments and strings aside) of the files that where() takes."""
    for path, text in code.items():
        for match in re.finditer(pattern, text) if where(path) else ():
            line = text.count("\n", 0, match.start()) + 1
            bad.append(f"{path}:{line}: {match.group(0).strip()}: {why}")


def include_only(header, folder):
    for path in code:
        if not path.startswith(folder) and re.search(rf'^#include [<"]{header}', tree.text(path), re.M):
            bad.append(f"{path} includes {header}; only {folder} does")


def core(path):
    return path.startswith("core/")


for header, folder in ((r"ltdl\.h", "core/plugin/"), ("curl/", "core/http/"),
                       (r"libconfig\.h", "core/config/"), (r"sqlite3\.h", "core/store/"),
                       (r"microhttpd\.h", ("core/metrics/", "core/dashboard/")), (r"expat\.h", "plugins/mpluskassa/")):
    include_only(header, folder)

forbid(r"\b(strcpy|strncpy|strcat|strncat|sprintf|vsprintf|gets|alloca)\(",
       "writes without a bound, or without an end")
forbid(r"\b(atoi|atol|atoll|atof)\(", "tells no mistakes")
forbid(r"\b(strtok|localtime|gmtime|asctime|ctime|strsignal)\(", "shares memory between threads")
forbid(r"\b(rand|srand|random|srandom|drand48)\(", "is guessed easily; clock_random")
forbid(r"\b(system|popen|mktemp|tmpnam|setlocale|vfork)\(", "has no place here")
forbid(r"\b(exit|_exit|quick_exit)\(", "only main ends the program", lambda path: path != "core/main.c")
forbid(r"\b(printf|vprintf|puts|putchar)\(", "printing below the commands",
       lambda path: core(path) and not path.startswith("core/commands/") and path != "core/main.c")
forbid(r"\b(double|float|strtod|strtof)\b", "floating point")

forbid(r"\bjson_(loads|loadb|loadf|load_file|dumps|dumpb|dumpf|dump_file|real)\(",
       "JSON is read by base/json_read.h and written by base/json_text.h",
       lambda path: core(path) and path != "core/base/json_text.c")

# The wall clock jumps; only one file asks for it, and nobody waits by it.
forbid(r"\b(CLOCK_REALTIME|gettimeofday|clock_gettime|time\((?=NULL|0|&))",
       "base/clock.c has the time", lambda path: core(path) and path != "core/base/clock.c")
forbid(r"\b(sleep|usleep|nanosleep|pthread_mutex_timedlock|sem_timedwait)\(",
       "wait on a condition of the monotonic clock, so that a stop ends it", core)
for path, text in code.items():
    if core(path) and "pthread_cond_timedwait(" in text and "pthread_cond_init(" in text \
            and "CLOCK_MONOTONIC" not in text:
        bad.append(f"{path}: pthread_cond_timedwait on a condition of the wall clock")

if len(code) < 10:
    bad.append("no source was found")
tree.end(bad, f"{len(code)} files")
