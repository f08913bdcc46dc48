/* SPDX-License-Identifier: MIT
 * The files that a set-up comes to. */
#include "service/setup_files.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/sealed.h"
#include "config/conf_csv_edit.h"
#include "config/conf_edit.h"
#include "config/conf_source.h"
#include "model/model.h"
#include "service/setup_plan.h"

#define FILE_BYTES (1024 * 1024)
#define DAY_MS INT64_C(86400000)

struct making {
    const struct service *service;
    const struct setup_draft *draft;
    struct setup_files *files;
    bool tables;
    struct koppel_error *err;
};

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

static const char *member(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static const json_t *answers(const struct making *m, const char *subject, const char *kind)
{
    char step[2 * SETUP_PLAN_NAME];
    snprintf(step, sizeof step, "%s.%s", subject, kind);
    return setup_draft_answers(m->draft, step);
}

/* ---- files ---- */

/* text NULL: there is no memory for it. Frees both on failure. */
static int add_file(struct making *m, char *name_take, char *text_take)
{
    struct setup_files *f = m->files;
    const char *why;
    char *path = NULL;
    struct setup_file *more = realloc(f->items, sizeof *more * ((size_t)f->count + 1));
    if (more)
        f->items = more;
    if (!more || !name_take || !text_take ||
        asprintf(&path, "%s/%s", m->service->dir, name_take) < 0) {
        free(name_take);
        free(text_take);
        return no_memory(m->err);
    }
    free(name_take);
    struct setup_file *file = &more[f->count++];
    *file = (struct setup_file){.path = path, .text = text_take, .bytes = strlen(text_take)};
    file->was = conf_source_now(path, &file->was_bytes, &why);
    return 0;
}

static char *named(const char *folder, const char *name, const char *ending)
{
    char *path = NULL;
    return asprintf(&path, "%s/%s%s", folder, name, ending) < 0 ? NULL : path;
}

void setup_files_done(struct setup_files *f)
{
    for (int i = 0; i < f->count; i++) {
        free(f->items[i].path);
        free(f->items[i].text);
        free(f->items[i].was);
    }
    free(f->items);
    *f = (struct setup_files){0};
}

/* ---- values ---- */

static void add_quoted(struct buf *out, const char *text)
{
    buf_add_char(out, '"');
    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        if (*p == '"' || *p == '\\')
            buf_printf(out, "\\%c", *p);
        else if (*p == '\n')
            buf_add_text(out, "\\n");
        else if (*p < ' ' || *p == 0x7f)
            buf_printf(out, "\\x%02x", *p);
        else
            buf_add_char(out, (char)*p);
    }
    buf_add_char(out, '"');
}

char *setup_files_value(const json_t *answer)
{
    struct buf out;
    size_t i;
    json_t *one;
    if (json_is_boolean(answer))
        return strdup(json_is_true(answer) ? "true" : "false");
    if (json_is_string(answer) && json_string_length(answer) > 0)
        return strdup(json_string_value(answer));
    if (json_is_object(answer) && json_object_get(answer, "sealed")) {
        char *text = NULL;
        return asprintf(&text, "sealed:%s", member(answer, "sealed")) < 0 ? NULL : text;
    }
    if (json_array_size(answer) == 0)
        return NULL;
    buf_init(&out, FILE_BYTES);
    json_array_foreach((json_t *)answer, i, one) {
        if (i > 0)
            buf_add_char(&out, ',');
        buf_add_text(&out, json_string_value(one));
    }
    return buf_take(&out);
}

/* A whole number as it stands in a file; anything else is quoted, so that loading says what is
 * wrong with it. */
static bool is_bare(const struct cat_setting *c, const char *text)
{
    size_t n = *text == '-';
    if (c->type == SETTING_BOOLEAN)
        return strcmp(text, "true") == 0 || strcmp(text, "false") == 0;
    if (c->type != SETTING_INTEGER || !text[n] || strlen(text) > 9)
        return false;
    return text[n + strspn(text + n, "0123456789")] == '\0';
}

/* Those of the list that were answered and are not what holds anyway. */
static int add_settings(struct buf *out, const char *indent, const struct cat_setting *list,
                        int count, const json_t *given)
{
    int added = 0;
    for (int i = 0; i < count; i++) {
        const struct cat_setting *c = &list[i];
        char *text = setup_files_value(json_object_get(given, c->name));
        if (text && !(c->fallback && strcmp(text, c->fallback) == 0)) {
            buf_printf(out, "%s%s = ", indent, c->name);
            if (is_bare(c, text))
                buf_add_text(out, text);
            else
                add_quoted(out, text);
            buf_add_text(out, ";\n");
            added++;
        }
        free(text);
    }
    return added;
}

static void add_list(struct buf *out, const json_t *texts)
{
    size_t i;
    json_t *one;
    buf_add_text(out, "[ ");
    json_array_foreach((json_t *)texts, i, one) {
        buf_add_text(out, i > 0 ? ", " : "");
        add_quoted(out, json_string_value(one));
    }
    buf_add_text(out, " ]");
}

/* ---- connections ---- */

/* What was answered before the log-in and behind it, as one object. */
static json_t *settings_of(const struct making *m, const char *system)
{
    json_t *all = json_object();
    (void)json_object_update(all, (json_t *)answers(m, system, "credentials"));
    (void)json_object_update(all, (json_t *)answers(m, system, "settings"));
    return all;
}

static int add_secrets(struct making *m, const json_t *given)
{
    const char *question;
    json_t *answer;
    json_object_foreach((json_t *)given, question, answer) {
        const char *name = json_string_value(json_object_get(answer, "sealed"));
        const char *text = name ? member(json_object_get(m->draft->json, "secrets"), name) : NULL;
        if (!name)
            continue;
        if (add_file(m, named(SEALED_FOLDER, name, SEALED_ENDING), strdup(text)) != 0)
            return -1;
        m->files->items[m->files->count - 1].sealed = true;
    }
    return 0;
}

static int add_connection(struct making *m, const json_t *system)
{
    const char *name = member(system, "name");
    const struct plugin *p = plugins_load(m->service->plugins, member(system, "plugin"), m->err);
    struct buf out;
    if (!p)
        return -1;
    json_t *given = settings_of(m, name);
    buf_init(&out, FILE_BYTES);
    buf_printf(&out, "name = \"%s\";\nconnector = \"%s\";\nsettings = {\n", name,
               member(system, "plugin"));
    (void)add_settings(&out, "  ", p->catalogue->settings, p->catalogue->setting_count, given);
    buf_add_text(&out, "};\n");
    int rc = add_file(m, named("connections.d", name, ".conf"), buf_take(&out));
    if (rc == 0)
        rc = add_secrets(m, given);
    json_decref(given);
    return rc;
}

/* ---- flows ---- */

/* The day before the first that is wanted; false: all are. */
static bool day_before(const struct making *m, char out[DATE_TEXT_BYTES])
{
    struct date day, before;
    const char *start = setup_draft_text(m->draft, "start", "start");
    const char *since = setup_draft_text(m->draft, "start", "since");
    if (!start || strcmp(start, "all") == 0 || !since || date_parse(since, &day, NULL) != 0)
        return false;
    if (date_from_unix_ms(date_days(&day) * DAY_MS - DAY_MS, &before) != 0)
        return false;
    date_format_day(&before, out);
    return true;
}

static bool has_field(const json_t *flow, const char *field)
{
    const struct model *m = model_find(member(flow, "model"));
    return m && m->record && catalogue_field(m->record, field) != NULL;
}

static void add_filter(const struct making *m, struct buf *out, const json_t *flow,
                       const json_t *given)
{
    char day[DATE_TEXT_BYTES];
    const json_t *states = json_object_get(given, "states");
    bool some = json_array_size(states) > 0;
    bool dated = m->tables && has_field(flow, "date") && day_before(m, day);
    if (!some && !dated)
        return;
    buf_add_text(out, "filter = (\n");
    if (some) {
        buf_add_text(out, "  { field = \"state\"; in = ");
        add_list(out, states);
        buf_printf(out, "; }%s\n", dated ? "," : "");
    }
    if (dated)
        buf_printf(out, "  { field = \"date\"; after = \"%s\"; }\n", day);
    buf_add_text(out, ");\n");
}

static void add_settings_group(struct buf *out, const json_t *flow, const json_t *given)
{
    const struct model *m = model_find(member(flow, "model"));
    struct buf inner;
    buf_init(&inner, FILE_BYTES);
    if (m && add_settings(&inner, "  ", m->settings, m->count, given) > 0)
        buf_printf(out, "settings = {\n%s};\n", buf_text(&inner));
    buf_done(&inner);
}

/* Answers of references are called REFERENCE.WHAT. */
static void add_references(struct buf *out, const json_t *flow, const json_t *given)
{
    static const char *const parts[] = {"match", "missing", "default", "existing"};
    size_t i;
    json_t *name;
    bool any = false;
    json_array_foreach(json_object_get(flow, "references"), i, name) {
        bool began = false;
        for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
            char question[SETUP_PLAN_NAME];
            snprintf(question, sizeof question, "%.40s.%s", json_string_value(name), parts[k]);
            const json_t *answer = json_object_get(given, question);
            char *text = setup_files_value(answer);
            if (!text)
                continue;
            if (!any)
                buf_add_text(out, "references = {\n");
            if (!began)
                buf_printf(out, "  %s = {", json_string_value(name));
            any = began = true;
            buf_printf(out, " %s = ", parts[k]);
            if (json_is_array(answer))
                add_list(out, answer);
            else
                add_quoted(out, text);
            buf_add_char(out, ';');
            free(text);
        }
        if (began)
            buf_add_text(out, " };\n");
    }
    if (any)
        buf_add_text(out, "};\n");
}

char *setup_files_table(const struct setup_draft *d, const char *table)
{
    char *path = NULL;
    return asprintf(&path, "tables/%s%s.csv", member(d->json, "prefix"), table) < 0 ? NULL : path;
}

static bool uses(const json_t *table, const char *flow)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(table, "flows"), i, one) {
        if (strcmp(json_string_value(one), flow) == 0)
            return true;
    }
    return false;
}

static void add_tables(const struct making *m, struct buf *out, const char *flow)
{
    size_t i;
    json_t *table;
    bool any = false;
    json_array_foreach(json_object_get(m->draft->json, "tables"), i, table) {
        char *file = uses(table, flow) ? setup_files_table(m->draft, member(table, "name")) : NULL;
        if (!file)
            continue;
        buf_printf(out, "%s  %s = \"%s\";\n", any ? "" : "tables = {\n", member(table, "name"),
                   file);
        any = true;
        free(file);
    }
    if (any)
        buf_add_text(out, "};\n");
}

/* The numbers of a second system of a kind begin with its mark. */
static void add_mark(const struct making *m, struct buf *out, const json_t *flow)
{
    const json_t *given = answers(m, member(flow, "from"), "credentials");
    const char *mark = member(given, "prefix"), *rule = member(flow, "reference");
    if (!*mark || !*rule)
        return;
    buf_add_text(out, "get_map = (\n  { to = \"reference\"; required = true; join = \"\"; parts = "
                      "( { value = ");
    add_quoted(out, mark);
    buf_printf(out, "; }, { %s } ); }\n);\n", rule);
}

static int add_flow(struct making *m, const json_t *flow)
{
    const char *name = member(flow, "name");
    const json_t *given = answers(m, name, "flow");
    struct buf out;
    buf_init(&out, FILE_BYTES);
    buf_printf(&out, "name = \"%s\";\n", name);
    buf_printf(&out, "from = { connection = \"%s\"; entity = \"%s\"; };\n", member(flow, "from"),
               member(flow, "entity"));
    buf_printf(&out, "to = { connection = \"%s\"; entity = \"%s\"; };\n", member(flow, "to"),
               member(flow, "to_entity"));
    add_filter(m, &out, flow, given);
    add_settings_group(&out, flow, given);
    add_references(&out, flow, given);
    add_mark(m, &out, flow);
    if (m->tables)
        add_tables(m, &out, name);
    return add_file(m, named("flows.d", name, ".conf"), buf_take(&out));
}

/* ---- tables ---- */

/* A text of two columns, so that every key and value is one field. */
static void add_field(struct buf *out, const char *text, bool first)
{
    bool plain = *text && !strpbrk(text, ",;\t\"\r\n") && !isspace((unsigned char)*text) &&
                 !isspace((unsigned char)text[strlen(text) - 1]) && !(first && *text == '#');
    if (plain) {
        buf_add_text(out, text);
        return;
    }
    buf_add_char(out, '"');
    for (; *text; text++)
        buf_printf(out, *text == '"' ? "\"%c" : "%c", *text);
    buf_add_char(out, '"');
}

/* A table that is there keeps every byte but those of rows that were answered otherwise. */
static char *edited(const char *was, const json_t *rows, struct koppel_error *err)
{
    const char *key;
    json_t *value;
    char *text = strdup(was);
    json_object_foreach((json_t *)rows, key, value) {
        struct conf_csv_edit_order order = {.kind = CONF_CSV_EDIT_SET, .key = key,
                                            .value = json_string_value(value)};
        char *next = text ? conf_csv_edit(text, &conf_csv_edit_plain, &order, err) : NULL;
        free(text);
        text = next;
        if (!text)
            break;
    }
    return text;
}

static int add_table(struct making *m, const json_t *table)
{
    const char *name = member(table, "name"), *key;
    const json_t *rows = answers(m, name, "table");
    json_t *value;
    struct buf out;
    buf_init(&out, FILE_BYTES);
    buf_printf(&out, "# %s: value of %s, what it becomes in %s\n", name, member(table, "from"),
               member(table, "to"));
    json_object_foreach((json_t *)rows, key, value) {
        add_field(&out, key, true);
        buf_add_char(&out, ',');
        add_field(&out, json_string_value(value), false);
        buf_add_char(&out, '\n');
    }
    if (add_file(m, setup_files_table(m->draft, name), buf_take(&out)) != 0)
        return -1;
    struct setup_file *file = &m->files->items[m->files->count - 1];
    if (!file->was)
        return 0;
    free(file->text);
    file->text = edited(file->was, rows, m->err);
    file->bytes = file->text ? strlen(file->text) : 0;
    return file->text ? 0 : -1;
}

/* ---- koppel.conf ---- */

/* Country, currency and zone, where they are others than hold now. */
static int add_home(struct making *m)
{
    const struct conf_home *home = &m->service->conf->home;
    const char *const now[] = {home->country, home->currency, home->zone};
    static const char *const names[] = {"country", "currency", "zone"};
    struct conf_edit_files edit = {.dir = m->service->dir};
    const json_t *given = setup_draft_answers(m->draft, "systems");
    char *file = NULL, path[32];
    int rc = asprintf(&file, "%s/koppel.conf", m->service->dir) < 0 ? no_memory(m->err) : 0;
    bool country = *member(given, "country") && strcmp(member(given, "country"), now[0]) != 0;
    for (int i = 0; i < 3 && rc == 0; i++) {
        const char *wanted = member(given, names[i]);
        struct conf_edit_order order = {.kind = CONF_EDIT_SET, .file = file, .path = path,
                                        .value = wanted};
        snprintf(path, sizeof path, "home/%s", names[i]);
        /* a zone follows from no other country than the Netherlands */
        if (*wanted && (strcmp(wanted, now[i]) != 0 || (i == 2 && country)))
            rc = conf_edit(&edit, &order, m->err);
    }
    if (rc == 0 && edit.count > 0)
        rc = add_file(m, strdup("koppel.conf"), strdup(edit.items[0]->text));
    conf_edit_files_done(&edit);
    free(file);
    return rc;
}

int setup_files_make(const struct service *s, const struct setup_draft *d, bool tables,
                     struct setup_files *out, struct koppel_error *err)
{
    struct making m = {s, d, out, tables, err};
    const json_t *json = d->json;
    size_t i;
    json_t *one;
    *out = (struct setup_files){0};
    int rc = add_home(&m);
    json_array_foreach(json_object_get(json, "systems"), i, one) {
        if (rc == 0 && json_is_true(json_object_get(one, "new")) &&
            answers(&m, member(one, "name"), "credentials"))
            rc = add_connection(&m, one);
    }
    json_array_foreach(json_object_get(json, "flows"), i, one) {
        if (rc == 0)
            rc = add_flow(&m, one);
    }
    json_array_foreach(json_object_get(json, "tables"), i, one) {
        if (rc == 0 && tables)
            rc = add_table(&m, one);
    }
    if (rc != 0)
        setup_files_done(out);
    return rc;
}
