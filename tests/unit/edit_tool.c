/* SPDX-License-Identifier: MIT
 * Edits configuration files for edit_oracle.py. Its argument is the configuration directory; each
 * request on standard input is five fields that end with a NUL: order, file, path, value, number.
 * The file is written over as it was changed, and so are those that it includes. Answers, a line
 * each: "ok", or "error TEXT". The order "dump" answers with what libconfig makes of the file as it
 * stands on disk: a group is {"{": [[name, value], ...]}. A file whose name ends in .csv is a
 * table; number 1: one of four columns with a heading, keyed by the first and third, its value the
 * fourth. */
#include <libconfig.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_text.h"
#include "config/conf_csv_edit.h"
#include "config/conf_edit.h"

enum { ORDER, PATH_FILE, PATH, VALUE, NUMBER, FIELDS };

static json_t *shown(const config_setting_t *s)
{
    char number[64];
    int type = config_setting_type(s);
    if (type == CONFIG_TYPE_STRING)
        return json_string_nocheck(config_setting_get_string(s));
    if (type == CONFIG_TYPE_BOOL)
        return json_boolean(config_setting_get_bool(s));
    if (type == CONFIG_TYPE_FLOAT)
        snprintf(number, sizeof number, "%.17g", config_setting_get_float(s));
    else
        snprintf(number, sizeof number, "%lld", config_setting_get_int64(s));
    if (config_setting_is_scalar(s) == CONFIG_TRUE)
        return json_pack("{s:s}", type == CONFIG_TYPE_FLOAT   ? "float"
                                  : type == CONFIG_TYPE_INT ? "integer"
                                                            : "long", number);
    json_t *inside = json_array();
    for (int i = 0; i < config_setting_length(s); i++) {
        const config_setting_t *one = config_setting_get_elem(s, (unsigned)i);
        json_array_append_new(inside, type != CONFIG_TYPE_GROUP
                                          ? shown(one)
                                          : json_pack("[s,o]", config_setting_name(one),
                                                      shown(one)));
    }
    const char *mark = type == CONFIG_TYPE_GROUP ? "{" : type == CONFIG_TYPE_LIST ? "(" : "[";
    return json_pack("{s:o}", mark, inside);
}

static void dump(const char *dir, const char *path)
{
    config_t cfg;
    config_init(&cfg);
    config_set_include_dir(&cfg, dir);
    if (!config_read_file(&cfg, path)) {
        printf("error line %d: %s\n", config_error_line(&cfg), config_error_text(&cfg));
    } else {
        json_t *all = shown(config_root_setting(&cfg));
        char *text = json_text(all, false, NULL);
        printf("%s\n", text ? text : "error no text");
        free(text);
        json_decref(all);
    }
    config_destroy(&cfg);
}

static int save(const struct conf_edit_files *files)
{
    for (int i = 0; i < files->count; i++) {
        const struct conf_edit_file *f = files->items[i];
        if (f->text == f->was)
            continue;
        FILE *out = fopen(f->path, "wb");
        if (!out || fwrite(f->text, 1, f->bytes, out) != f->bytes || fclose(out) != 0)
            return -1;
    }
    return 0;
}

/* The whole of a table's file, edited: "add", "change" or "remove" with key and value. */
static void edit_sheet(char *const field[])
{
    static char before[1 << 20];
    struct koppel_error err = {0};
    struct conf_csv_edit_order order = {.key = field[PATH], .value = field[VALUE]};
    order.kind = field[ORDER][0] == 'a'   ? CONF_CSV_EDIT_ADD
                 : field[ORDER][0] == 'c' ? CONF_CSV_EDIT_SET
                                          : CONF_CSV_EDIT_REMOVE;
    FILE *in = fopen(field[PATH_FILE], "rb");
    size_t n = in ? fread(before, 1, sizeof before - 1, in) : 0;
    before[n] = '\0';
    if (in)
        fclose(in);
    struct conf_csv_edit_shape wide = {{0, 2}, 2, 3, true};
    char *after = conf_csv_edit(before, atoi(field[NUMBER]) ? &wide : &conf_csv_edit_plain, &order,
                                &err);
    FILE *out = after ? fopen(field[PATH_FILE], "wb") : NULL;
    if (!after)
        printf("error %s\n", err.text);
    else if (out && fputs(after, out) >= 0 && fclose(out) == 0)
        printf("ok\n");
    free(after);
}

static int edit(const char *dir, char *const field[])
{
    static const char *const kinds[] = {"set", "unset", "insert", "move"};
    struct koppel_error err = {0};
    struct conf_edit_files files = {.dir = dir};
    struct conf_edit_order order = {.file = field[PATH_FILE], .path = field[PATH],
                                    .value = field[VALUE], .to = atoi(field[NUMBER])};
    while (strcmp(kinds[order.kind], field[ORDER]) != 0)
        order.kind++;
    int rc = conf_edit(&files, &order, &err);
    if (rc != 0)
        printf("error %s\n", err.text);
    else if (save(&files) == 0)
        printf("ok\n");
    conf_edit_files_done(&files);
    return 0;
}

int main(int argc, char **argv)
{
    char *field[FIELDS] = {NULL};
    size_t room[FIELDS] = {0};
    if (argc != 2)
        return 2;
    for (;;) {
        for (int i = 0; i < FIELDS; i++) {
            if (getdelim(&field[i], &room[i], '\0', stdin) < 0) {
                for (int k = 0; k < FIELDS; k++)
                    free(field[k]);
                return i == 0 ? 0 : 2;
            }
        }
        if (strcmp(field[ORDER], "dump") == 0)
            dump(argv[1], field[PATH_FILE]);
        else if (strstr(field[PATH_FILE], ".csv"))
            edit_sheet(field);
        else
            edit(argv[1], field);
        fflush(stdout);
    }
}
