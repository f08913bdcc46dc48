/* SPDX-License-Identifier: MIT
 * Lines of mistakes in JSON files of a configuration. */
#include "config/conf_json_line.h"

#include <string.h>

/* Where the name stands in quotes, at or behind `from`; NULL: nowhere. */
static const char *named(struct conf_loader *l, const char *from, const char *name, size_t bytes)
{
    return bytes ? strstr(from, conf_held_text(l->held, "\"%.*s\"", (int)bytes, name)) : NULL;
}

int conf_json_line(struct conf_loader *l, const char *text, const char *message)
{
    const char *at = text, *end = strstr(message, ": "), *found;
    for (const char *p = message; end && p < end;) {
        size_t n = strcspn(p, ".:[");
        found = named(l, at, p, n);
        at = found ? found : at;
        p += n + 1;
    }
    const char *word = strchr(message, '"');
    found = word ? named(l, at, word + 1, strcspn(word + 1, "\"")) : NULL;
    at = found ? found : at;
    int line = 1;
    for (const char *p = text; p < at; p++)
        line += *p == '\n';
    return line;
}
