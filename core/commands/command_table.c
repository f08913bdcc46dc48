/* SPDX-License-Identifier: MIT
 * koppel table: the rows of a value table, and a change of one. */
#include "commands/command_table.h"

#include <string.h>

#include "base/buf.h"
#include "base/visible.h"
#include "commands/command_ask.h"
#include "commands/saved.h"

#define KEY_BYTES 65536

enum { NAME, DO, KEY, VALUE };

static int print_rows(const struct command_line *line)
{
    json_t *out = NULL, *row, *part;
    size_t i, k;
    int rc = command_ask(line, "config.rows",
                         json_pack("{s:o}", "table", command_json_text(line->words[NAME])), NULL,
                         NULL, &out);
    if (rc == EXIT_OK && line->json) {
        command_print_json(out);
        return rc;
    }
    json_array_foreach(json_object_get(out, "rows"), i, row) {
        struct buf key;
        buf_init(&key, KEY_BYTES);
        json_array_foreach(json_object_get(row, "key"), k, part)
            buf_printf(&key, "%s%s", k ? "|" : "", json_string_value(part));
        const char *value = json_string_value(json_object_get(row, "value"));
        visible_print(stdout, "%-24s %s\n", buf_text(&key), value ? value : "");
        buf_done(&key);
    }
    json_decref(out);
    return rc;
}

int command_table(const struct command_line *line)
{
    if (line->count == 1)
        return print_rows(line);
    bool removes = strcmp(line->words[DO], "remove") == 0;
    if (line->count != (removes ? KEY : VALUE) + 1)
        return COMMAND_MISUSED;
    return saved_ask(line, "config.table",
                     json_pack("{s:o,s:o,s:o,s:o*,s:s*}", "table",
                               command_json_text(line->words[NAME]), "do",
                               command_json_text(line->words[DO]), "key",
                               command_json_text(line->words[KEY]), "value",
                               removes ? NULL : command_json_text(line->words[VALUE]), "why",
                               line->why));
}
