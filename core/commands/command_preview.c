/* SPDX-License-Identifier: MIT
 * koppel preview: what would become of some records. Nothing is written anywhere. */
#include "commands/command_preview.h"

#include "commands/command_ask.h"
#include "commands/preview_print.h"
#include "commands/record_file.h"

int command_preview(const struct command_line *line)
{
    json_t *out, *row, *records = NULL;
    size_t i;
    if ((line->key != NULL) + (line->job != NULL) + (line->file != NULL) + (line->limit > 0) > 1)
        return COMMAND_MISUSED;
    if (line->file && !(records = record_file_read(line->file)))
        return EXIT_USAGE;
    json_t *in = json_pack("{s:s,s:o*,s:o*,s:o*,s:b}", "flow", line->words[0], "key",
                           line->key ? command_json_text(line->key) : NULL, "job",
                           line->job ? command_json_text(line->job) : NULL, "records", records,
                           "check", line->check);
    if (line->limit > 0)
        json_object_set_new(in, "limit", json_integer(line->limit));
    int rc = command_ask(line, "flows.preview", in, NULL, NULL, &out);
    json_array_foreach(json_object_get(out, "rows"), i, row) {
        if (line->json)
            command_print_json(json_incref(row));
        else
            preview_print(row);
    }
    json_decref(out);
    return rc;
}
