/* SPDX-License-Identifier: MIT
 * The statements of schema.h as PostgreSQL understands them: parameters are $1, the order of a join
 * is its own to choose, and some texts are others altogether. */
#include "store/postgres_text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "store/schema_postgres.h"

#define SCHEMA_TEXT(name, text) text,
static const char *const shared[SQL_COUNT] = {SCHEMA_STATEMENTS(SCHEMA_TEXT)};
#define SCHEMA_OWN(name, text) [SQL_##name] = text,
static const char *const own[SQL_COUNT] = {SCHEMA_POSTGRES_STATEMENTS(SCHEMA_OWN)};

static const char forced[] = "CROSS JOIN ";

char *postgres_text(enum sql which)
{
    const char *from = own[which] ? own[which] : shared[which];
    char *out = malloc(strlen(from) + 1), *to = out;
    while (out && *from) {
        if (strncmp(from, forced, sizeof forced - 1) == 0)
            from += 6; /* of SQLite: "in this order" */
        *to = *from == '?' && isdigit((unsigned char)from[1]) ? '$' : *from;
        to++;
        from++;
    }
    if (out)
        *to = '\0';
    return out;
}

bool postgres_text_is_long(enum sql which)
{
    switch (which) {
    case SQL_ASIDE_READ:
    case SQL_LOG_READ:
    case SQL_PAGE_KEY:
    case SQL_PAGE_TIME:
    case SQL_SETTLED_SINCE:
    case SQL_UNSETTLED:
        return true;
    default:
        return false;
    }
}
