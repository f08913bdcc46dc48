/* SPDX-License-Identifier: MIT
 * Records in a file. */
#include "commands/record_file.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"
#include "base/visible.h"

/* Everything that it holds; NULL: it cannot be read. */
static char *read_all(const char *name)
{
    char *text = NULL;
    size_t room = 0;
    FILE *file = fopen(name, "r");
    ssize_t n = file ? getdelim(&text, &room, '\0', file) : -1;
    if (file)
        fclose(file);
    if (n > 0)
        return text;
    free(text);
    return NULL;
}

static bool is_list_of_objects(const json_t *list)
{
    size_t i;
    json_t *one;
    json_array_foreach(list, i, one) {
        if (!json_is_object(one))
            return false;
    }
    return json_array_size(list) > 0;
}

static json_t *read_lines(char *text)
{
    json_t *list = json_array();
    char *rest = NULL;
    for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        if (line[strspn(line, " \t\r")] == '\0')
            continue;
        json_t *one = json_read_text(line, NULL);
        json_array_append_new(list, one ? one : json_null());
    }
    return list;
}

json_t *record_file_read(const char *name)
{
    char *text = read_all(name);
    json_t *list = text ? json_read_text(text, NULL) : NULL;
    if (json_is_object(list))
        list = json_pack("[o]", list);
    else if (text && !list)
        list = read_lines(text);
    free(text);
    if (is_list_of_objects(list))
        return list;
    visible_print(stderr, "koppel: %s holds no record as JSON\n", name);
    json_decref(list);
    return NULL;
}

char *record_file_bytes(const char *name)
{
    char *text = read_all(name);
    if (!text)
        visible_print(stderr, "koppel: %s: it cannot be read, or is empty\n", name);
    return text;
}
