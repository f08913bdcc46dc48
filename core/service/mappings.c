/* SPDX-License-Identifier: MIT
 * How a flow maps, as data. */
#include "service/mappings.h"

#include <string.h>

#include "config/conf_edit_json.h"
#include "mapping/condition.h"
#include "mapping/rule_words.h"
#include "service/ask.h"

#define WORDS_LIMIT 65536 /* bytes of a condition in words */

/* The rules of the mapping's file as they stand there: [{"line", "data"}]; [] where it is the
 * flow's own file, or cannot be read any more. */
static json_t *written(const struct conf_flow *f, const struct conf_mapping *m, const char *dir)
{
    struct conf_edit_files files = {.dir = dir};
    struct koppel_error ignored = {0};
    json_t *out = json_array();
    bool own = !m->file || strcmp(m->file, f->at.file) == 0;
    struct conf_edit_node *root = own ? NULL : conf_edit_tree_read(&files, m->file, &ignored);
    const struct conf_edit_node *map = root ? conf_edit_tree_member(root, "map") : NULL;
    for (int i = 0; map && i < map->count; i++)
        json_array_append_new(out, json_pack("{s:i,s:o}", "line",
                                             conf_edit_json_line(map->items[i]), "data",
                                             conf_edit_json(map->items[i])));
    conf_edit_tree_free(root);
    conf_edit_files_done(&files);
    return out;
}

static json_t *side(const struct conf_mapping *m)
{
    json_t *replaced = json_array();
    for (int i = 0; i < m->replaced_count; i++) {
        const struct conf_replaced *r = &m->replaced[i];
        json_array_append_new(replaced, json_pack("{s:s,s:s?,s:i,s:o}", "to", r->to, "file",
                                                  r->at.file, "line", r->at.line, "by",
                                                  rule_words_place(&r->by)));
    }
    return json_pack("{s:s?,s:o,s:o}", "file", m->file, "rules",
                     rule_words_list(m->rules, m->count), "replaced", replaced);
}

static json_t *end(const struct conf_connection *c, const char *entity)
{
    return json_pack("{s:s,s:s}", "connection", c->name, "entity", entity);
}

static json_t *record_functions(const struct conf_flow *f)
{
    json_t *list = json_array();
    for (int i = 0; i < f->record_count; i++)
        json_array_append_new(list, json_string(f->record[i].text));
    return list;
}

static json_t *filter(const struct conf_flow *f)
{
    json_t *list = json_array();
    for (int i = 0; i < f->filter_count; i++) {
        struct buf words;
        buf_init(&words, WORDS_LIMIT);
        condition_words(&f->filter[i], &words);
        json_array_append_new(list, json_pack("{s:s?,s:i,s:s}", "file", f->filter[i].at.file,
                                              "line", f->filter[i].at.line, "words",
                                              buf_ok(&words) ? buf_text(&words) : ""));
        buf_done(&words);
    }
    return list;
}

static json_t *settings(const struct conf_setting *given, int count)
{
    json_t *list = json_array();
    for (int i = 0; i < count; i++)
        json_array_append_new(list, json_pack("{s:s,s:s?,s:s?,s:i}", "name", given[i].name, "value",
                                              given[i].text, "file", given[i].at.file, "line",
                                              given[i].at.line));
    return list;
}

static json_t *tables(const struct conf_flow *f)
{
    json_t *list = json_array();
    for (int i = 0; i < f->table_count; i++)
        json_array_append_new(list, json_pack("{s:s,s:s?,s:i}", "name", f->tables[i]->name, "file",
                                              f->tables[i]->named.file, "line",
                                              f->tables[i]->named.line));
    return list;
}

static json_t *reference(const struct conf_reference *r)
{
    static const char *const missing[] = {[MISSING_PARK] = "park", [MISSING_CREATE] = "create",
                                          [MISSING_DEFAULT] = "default",
                                          [MISSING_IGNORE] = "ignore"};
    json_t *match = json_array();
    for (int i = 0; i < r->match_count; i++)
        json_array_append_new(match, json_string(r->match[i]));
    return json_pack("{s:s,s:s?,s:i,s:o,s:s,s:s,s:s?,s:b,s:o,s:o}", "name", r->name, "file",
                     r->at.file, "line", r->at.line, "match", match, "missing",
                     missing[r->missing], "existing", r->update_existing ? "update" : "keep",
                     "default", r->fallback, "force", r->force, "get", side(&r->get), "send",
                     side(&r->send));
}

int mappings_show(struct service *s, const struct service_ask *ask, json_t **out,
                  struct koppel_error *err)
{
    const struct conf_flow *f = ask_flow(s, ask_text(ask, "flow"), err);
    if (!f)
        return -1;
    json_t *references = json_array();
    for (int i = 0; i < f->reference_count; i++)
        json_array_append_new(references, reference(&f->references[i]));
    json_t *get = side(&f->get), *send = side(&f->send);
    json_object_set_new(get, "written", written(f, &f->get, s->dir));
    json_object_set_new(send, "written", written(f, &f->send, s->dir));
    *out = json_pack("{s:s,s:s,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "flow", f->name, "model",
                     f->model, "from", end(f->from, f->from_entity), "to",
                     end(f->to, f->to_entity), "get", get, "record", record_functions(f),
                     "filter", filter(f), "send", send, "settings",
                     settings(f->given_settings, f->given_setting_count), "options",
                     settings(f->given_options, f->given_option_count), "tables", tables(f),
                     "references", references);
    return *out ? 0 : err_set(err, KOPPEL_E_BUG, "out of memory");
}
