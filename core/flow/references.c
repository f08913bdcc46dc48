/* SPDX-License-Identifier: MIT
 * References: one way for all. The stored link, then the match keys in order, then the policy.
 *
 * A reference is resolved under a lock of its own name, so that two jobs that need the same new
 * customer make one. The alias by which other records name it goes into the core record as `ref`.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "flow/flow.h"
#include "flow/keylock.h"
#include "mapping/map.h"
#include "flow/work.h"

#define NAME_BYTES 640
#define NEST_MAX 16 /* a category inside a category inside ... */

/* One thing referred to. */
struct wanted {
    struct flow *flow;
    const struct cat_reference *ref;
    const struct conf_reference *conf;
    const struct cat_entity *entity;
    json_t *part;          /* where it stands in the core record */
    char scope[NAME_BYTES / 2];
    char key[STORE_KEY_BYTES];
    json_t *steps, *trace;
    int depth;             /* references of references */
    const char *skip;      /* an id that it must not become; NULL: any */
    bool by_number;        /* a customer, looked up by a number that may be somebody else's there */
};

static int resolve_nested(struct wanted *w, struct koppel_error *err);

static const char *part_text(const json_t *part, const char *name, char buf[32])
{
    const char *text;
    json_t *value = json_object_get(part, name);
    return value && map_text(value, buf, &text) ? text : "";
}

static void step(const struct wanted *w, const char *what, const char *detail)
{
    json_array_append_new(w->steps,
                          json_pack("{s:s,s:s,s:s,s:s}", "step", what, "reference", w->ref->name,
                                    "key", w->key, "detail", detail ? detail : ""));
}

/* Trimmed and folded to lower case where ASCII: how e-mail addresses and numbers compare. */
static void normal_form(const char *text, char *out, size_t room)
{
    while (isspace((unsigned char)*text))
        text++;
    size_t n = 0;
    for (; *text && n + 1 < room; text++)
        out[n++] = (char)tolower((unsigned char)*text);
    while (n > 0 && isspace((unsigned char)out[n - 1]))
        n--;
    out[n] = '\0';
}

static bool same_text(const char *a, const char *b)
{
    char na[512], nb[512];
    normal_form(a, na, sizeof na);
    normal_form(b, nb, sizeof nb);
    return *na && strcmp(na, nb) == 0;
}

static const char *match_field(const struct cat_entity *entity, const char *core)
{
    for (int i = 0; i < entity->match_count; i++) {
        if (strcmp(entity->match[i].core, core) == 0)
            return entity->match[i].field;
    }
    return NULL;
}

/* Among several hits: VAT number, then name and postcode; one must remain. NULL: ambiguous. */
static const struct result_hit *tie_break(const struct wanted *w, const struct result_entry *entry)
{
    json_t *mapped = NULL;
    struct koppel_error ignored = {0};
    const struct result_hit *chosen = NULL;
    static const char *const rounds[2][2] = {{"vatNumber", NULL}, {"name", "postCode"}};
    if (w->conf->send.count == 0 ||
        map_apply(&w->conf->send, w->part, MAP_CREATE, &mapped, NULL, &ignored) != 0)
        return NULL;
    for (int r = 0; r < 2 && !chosen; r++) {
        int hits = 0;
        for (int i = 0; i < entry->hit_count; i++) {
            bool equal = true;
            for (int k = 0; k < 2 && rounds[r][k]; k++) {
                char b1[32], b2[32];
                equal = equal && same_text(part_text(mapped, rounds[r][k], b1),
                                           part_text(entry->hits[i].record, rounds[r][k], b2));
            }
            if (equal) {
                hits++;
                chosen = &entry->hits[i];
            }
        }
        if (hits != 1)
            chosen = NULL;
    }
    json_decref(mapped);
    return chosen;
}

/* Looks one key up at the destination. *found: id and alias are copied out (caller frees). */
static int look_up(const struct wanted *w, const char *field, const char *key, bool *found,
                   char **id, char **alias, struct koppel_error *err)
{
    struct koppel_results results;
    *found = false;
    if (results_init(&results, 1) != 0)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    int rc = connection_find(w->flow->to, w->entity->name, field, &key, NULL, 1, &results, w->trace,
                             err);
    struct result_entry *entry = &results.entries[0];
    if (rc == 0 && entry->err.kind) {
        *err = entry->err;
        rc = -1;
    }
    if (rc == 0 && w->skip)
        result_entry_skip(entry, w->skip);
    if (rc == 0 && entry->hit_count == 1 && w->by_number &&
        !flow_customer_same(&w->conf->send, w->part, entry->hits[0].record))
        step(w, "another", "the number is that of somebody with another name there");
    else if (rc == 0 && entry->hit_count > 0) {
        const struct result_hit *hit =
            entry->hit_count == 1 ? &entry->hits[0] : tie_break(w, entry);
        if (!hit) {
            char reason[48];
            snprintf(reason, sizeof reason, "%.30s.ambiguous", w->ref->name);
            rc = err_reason(err, KOPPEL_E_REJECTED, reason,
                            "ambiguous %s: %d of them have %s \"%s\"", w->ref->name,
                            entry->hit_count, field, key);
        } else {
            char buf[32];
            *found = true;
            *id = strdup(hit->id);
            *alias = strdup(part_text(hit->record, w->ref->key, buf));
            if (!*id || !*alias)
                rc = err_set(err, KOPPEL_E_BUG, "out of memory");
        }
    }
    results_done(&results);
    return rc;
}

/* Other records name this one by its id itself: no alias needs to be kept. */
static bool named_by_id(const struct wanted *w)
{
    return w->entity->key && strcmp(w->ref->key, w->entity->key) == 0;
}

static int remember(const struct wanted *w, const char *id, const char *alias, const char *digest,
                    struct koppel_error *err)
{
    struct store_link_change change = {.scope = w->scope, .key = w->key, .id = id,
                                       .alias = named_by_id(w) ? NULL : alias, .digest = digest};
    return w->flow->store->ops->link_put(w->flow->store, &change, err);
}

/* Creates (id NULL) or updates. The alias of the new record is copied out. */
static int write_one(const struct wanted *w, const char *id, char **new_id, char **alias,
                     struct koppel_error *err)
{
    json_t *record = NULL;
    struct koppel_results results = {0};
    char job[NAME_BYTES];
    int rc = -1;
    if (map_apply(&w->conf->send, w->part, id ? MAP_UPDATE : MAP_CREATE, &record, NULL, err) != 0)
        return -1;
    snprintf(job, sizeof job, "%s/%s", w->scope, w->key);
    struct koppel_write_item item = {
        .struct_size = sizeof item, .job = job, .id = id, .record = record};
    const struct koppel_write_item *items[] = {&item};
    if (results_init(&results, 1) != 0) {
        err_set(err, KOPPEL_E_BUG, "out of memory");
        goto out;
    }
    if (connection_write(w->flow->to, w->entity->name, id ? KOPPEL_VERB_UPDATE : KOPPEL_VERB_CREATE,
                         0, items, 1, &results, w->trace, err) != 0)
        goto out;
    struct result_entry *entry = &results.entries[0];
    if (entry->err.kind) {
        *err = entry->err;
        goto out;
    }
    if (!entry->done || entry->hit_count == 0) {
        err_set(err, KOPPEL_E_UNSURE, "%s gave no result for the new %s", w->flow->conf->to->name,
                w->ref->name);
        goto out;
    }
    if (!id) {
        char buf[32];
        const char *text = part_text(entry->hits[0].record, w->ref->key, buf);
        *new_id = strdup(entry->hits[0].id);
        *alias = strdup(*text ? text : part_text(record, w->ref->key, buf));
        if (!*new_id || !*alias) {
            err_set(err, KOPPEL_E_BUG, "out of memory");
            goto out;
        }
    }
    rc = 0;
out:
    results_done(&results);
    json_decref(record);
    return rc;
}

static int missing(const struct wanted *w, const char *tried, struct koppel_error *err)
{
    char reason[48], buf[32];
    snprintf(reason, sizeof reason, "%.30s.missing", w->ref->name);
    const char *text = part_text(w->part, "description", buf);
    return err_reason(err, KOPPEL_E_REJECTED, reason, "%s \"%s\"%s%s%s is not in %s", w->ref->name,
                      *tried ? tried : w->key, *text ? " (" : "", text, *text ? ")" : "",
                      w->flow->conf->to->name);
}

/* The reference's own key: its number, else its first match value, in the form that compares. */
static bool own_key(struct wanted *w)
{
    char buf[32];
    const char *text = part_text(w->part, "number", buf);
    for (int i = 0; !*text && i < w->conf->match_count; i++)
        text = part_text(w->part, w->conf->match[i], buf);
    normal_form(text, w->key, sizeof w->key);
    return w->key[0] != '\0';
}

static bool has_match_value(const struct wanted *w)
{
    char buf[32];
    for (int i = 0; i < w->conf->match_count; i++) {
        if (*part_text(w->part, w->conf->match[i], buf))
            return true;
    }
    return false;
}

static int use_alias(const struct wanted *w, const char *alias, struct koppel_error *err)
{
    if (json_object_set_new(w->part, "ref", json_string(alias)) != 0)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    return 0;
}

/* The default record instead, looked up by its alias once and then remembered. */
static int use_fallback(struct wanted *w, struct koppel_error *err)
{
    char *id = NULL, *alias = NULL;
    bool found;
    snprintf(w->key, sizeof w->key, "default:%.200s", w->conf->fallback);
    struct store_link link = {0};
    int known = 0;
    struct store *s = w->flow->store;
    if (s->ops->link_get(s, w->scope, w->key, &link, &known, err) != 0)
        return -1;
    int rc;
    if (known && (link.alias || named_by_id(w))) {
        rc = use_alias(w, named_by_id(w) ? link.id : link.alias, err);
        store_link_done(&link);
        return rc;
    }
    store_link_done(&link);
    rc = look_up(w, w->ref->key, w->conf->fallback, &found, &id, &alias, err);
    if (rc == 0 && !found)
        rc = err_set(err, KOPPEL_E_CONFIG, "the default %s \"%s\" of flow %s is not in %s",
                     w->ref->name, w->conf->fallback, w->flow->conf->name, w->flow->conf->to->name);
    if (rc == 0)
        rc = remember(w, id, alias, NULL, err);
    if (rc == 0) {
        step(w, "default", alias);
        rc = use_alias(w, alias, err);
    }
    free(id);
    free(alias);
    return rc;
}

/* What the link says: its id and alias are copied out. A flow of such records made the link without
 * an alias: the record is asked for it once, by its id. *found stays false where it is not there
 * any more. */
static int known_alias(const struct wanted *w, const struct store_link *link, bool *found,
                       char **id, char **alias, struct koppel_error *err)
{
    bool by_id = false;
    for (int i = 0; i < w->entity->find_count; i++)
        by_id = by_id || (w->entity->key && strcmp(w->entity->find[i], w->entity->key) == 0);
    if (!link->alias && !named_by_id(w)) {
        if (!by_id || look_up(w, w->entity->key, link->id, found, id, alias, err) != 0)
            return by_id ? -1 : 0;
        return *found ? remember(w, *id, *alias, link->digest, err) : 0;
    }
    *found = true;
    *id = strdup(link->id);
    *alias = strdup(named_by_id(w) ? link->id : link->alias);
    return *id && *alias ? 0 : err_set(err, KOPPEL_E_BUG, "out of memory");
}

/* The match keys in order. The e-mail address of a customer who has one decides alone. */
static int match_keys(struct wanted *w, bool customer, bool *found, char **id, char **alias,
                      const char **tried, struct koppel_error *err)
{
    char buf[32];
    for (int i = 0; i < w->conf->match_count && !*found; i++) {
        const char *core = w->conf->match[i], *field = match_field(w->entity, core);
        char key[STORE_KEY_BYTES];
        snprintf(key, sizeof key, "%s", part_text(w->part, core, buf));
        if (!*key || !field)
            continue;
        if (!**tried)
            *tried = json_string_value(json_object_get(w->part, core));
        w->by_number = customer && strcmp(core, "number") == 0;
        int rc = look_up(w, field, key, found, id, alias, err);
        w->by_number = false;
        if (rc != 0)
            return -1;
        if (customer && strcmp(core, "email") == 0)
            break;
    }
    return 0;
}

/* A customer of another type than before: the old one stays as it is, and where an earlier attempt
 * made a new one already, that is it. */
static int beside_old(struct wanted *w, bool *found, char **id, char **alias, const char **tried,
                      struct koppel_error *err)
{
    char *old = *id;
    free(*alias);
    *id = *alias = NULL;
    *found = false;
    w->skip = old;
    int rc = match_keys(w, true, found, id, alias, tried, err);
    w->skip = NULL;
    free(old);
    return rc;
}

/* Why a reference that is not there is not made either. */
static int not_made(const struct wanted *w, bool customer, const char *tried,
                    struct koppel_error *err)
{
    if (customer && w->conf->missing == MISSING_CREATE)
        return err_reason(
            err, KOPPEL_E_REJECTED, "customer.key",
            "no customer key: the customer has no e-mail address or VAT number by which %s would "
            "find it again, and is not there under its number and name",
            w->flow->conf->to->name);
    return missing(w, tried ? tried : "", err);
}

/* Link, match keys, policy; the caller holds the key's lock. */
static int resolve_locked(struct wanted *w, struct koppel_error *err)
{
    struct store *s = w->flow->store;
    struct store_link link = {0};
    char digest[FLOW_DIGEST_BYTES] = "";
    char *id = NULL, *alias = NULL;
    const char *tried = "";
    int known = 0, rc = -1;
    bool customer = strcmp(w->ref->model, "customer") == 0, make_new = false;
    bool found = false, may_update = w->conf->update_existing && (w->entity->can & CAN_UPDATE) != 0;

    if (flow_digest(w->part, digest) != 0)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    if (s->ops->link_get(s, w->scope, w->key, &link, &known, err) != 0)
        return -1;
    if (known && known_alias(w, &link, &found, &id, &alias, err) != 0)
        goto out;
    if (found && (!may_update || (link.digest && strcmp(link.digest, digest) == 0))) {
        rc = use_alias(w, alias, err);
        goto out;
    }
    if (!found && match_keys(w, customer, &found, &id, &alias, &tried, err) != 0)
        goto out;
    if (customer && flow_customer_type(w->flow, w->scope, w->key, w->part, w->conf->type_change,
                                       &make_new, err) != 0)
        goto out;
    if (make_new && beside_old(w, &found, &id, &alias, &tried, err) != 0)
        goto out;
    if (found && may_update) {
        if (write_one(w, id, NULL, NULL, err) != 0)
            goto out;
        step(w, "updated", alias);
    } else if (found) {
        step(w, "found", alias);
    } else if (w->conf->missing == MISSING_CREATE && (w->entity->can & CAN_CREATE) &&
               (!customer || flow_customer_findable(w->entity, w->part))) {
        if (write_one(w, NULL, &id, &alias, err) != 0)
            goto out;
        step(w, "created", alias);
    } else if (w->conf->missing == MISSING_DEFAULT && w->conf->fallback) {
        rc = use_fallback(w, err);
        goto out;
    } else {
        not_made(w, customer, tried, err);
        goto out;
    }
    rc = remember(w, id, alias, digest, err) == 0 ? use_alias(w, alias, err) : -1;
    if (rc == 0 && customer)
        rc = flow_customer_sent(w->flow, w->scope, w->key, w->part, err);
out:
    store_link_done(&link);
    free(id);
    free(alias);
    return rc;
}

static int resolve_part(struct wanted *w, struct koppel_error *err)
{
    char lock[NAME_BYTES];
    json_object_del(w->part, "ref"); /* of an earlier try: not what the record itself says */
    if (w->conf->force && w->conf->fallback)
        return use_fallback(w, err);
    /* what the referred record needs itself comes first, before its lock: a category's parent */
    if (w->entity->reference_count > 0 && w->conf->missing == MISSING_CREATE &&
        resolve_nested(w, err) != 0)
        return -1;
    if (!own_key(w) || !has_match_value(w)) {
        char reason[48];
        if (w->conf->fallback)
            return use_fallback(w, err);
        snprintf(reason, sizeof reason, "%.30s.key", w->ref->name);
        return err_reason(err, KOPPEL_E_REJECTED, reason, "no %s key: the record has no %s",
                          w->ref->name,
                          w->conf->match_count > 0 ? w->conf->match[0] : "match field");
    }
    if (strcmp(w->ref->model, "customer") == 0)
        flow_customer_lock(w->scope, w->part, lock, sizeof lock);
    else
        snprintf(lock, sizeof lock, "%s|%s", w->scope, w->key);
    keylock_take(lock);
    int rc = resolve_locked(w, err);
    keylock_give(lock);
    return rc;
}

static const struct conf_reference *configured(const struct flow *f, const char *name)
{
    for (int i = 0; i < f->conf->reference_count; i++) {
        if (strcmp(f->conf->references[i].name, name) == 0)
            return &f->conf->references[i];
    }
    return NULL;
}

struct each {
    struct wanted *wanted;
    struct koppel_error *err;
    int index;
};

static int resolve_each(void *arg, json_t *part)
{
    struct each *each = arg;
    struct wanted *w = each->wanted;
    char buf[32];
    each->index++;
    if (!json_is_object(part))
        return 0;
    /* A line without an article number is text or a cost, and refers to nothing. */
    if (!*part_text(part, "number", buf))
        return 0;
    w->part = part;
    if (resolve_part(w, each->err) != 0)
        return err_prefix(each->err, "line %d", each->index);
    return 0;
}

/* The links of a reference are those of the flow that carries the same records, where there is one:
 * the source's entity of that model gives the scope its name. */
static void reference_scope(const struct flow *f, const struct cat_reference *ref, char *out,
                            size_t room)
{
    const struct catalogue *c = f->conf->from->catalogue;
    const char *source = ref->name;
    for (int i = 0; i < c->entity_count; i++) {
        const struct cat_entity *e = &c->entities[i];
        if (e->model && ref->model && strcmp(e->model, ref->model) == 0 && (e->can & CAN_READ)) {
            source = e->name;
            break;
        }
    }
    snprintf(out, room, "%s/%s>%s/%s", f->conf->from->name, source, f->conf->to->name, ref->entity);
}

/* outer: the reference inside which this one stands; NULL: the record itself. */
static int resolve_one(struct flow *f, const struct cat_reference *ref, json_t *core, json_t *steps,
                       json_t *trace, const struct wanted *outer, struct koppel_error *err)
{
    const struct conf_reference *conf = configured(f, ref->name);
    if (!conf && outer && strcmp(outer->ref->entity, ref->entity) == 0)
        conf = outer->conf; /* a category's parent is treated as the category itself */
    if (!conf)
        return 0;
    struct wanted w = {.flow = f, .ref = ref, .conf = conf, .steps = steps, .trace = trace,
                       .depth = outer ? outer->depth + 1 : 0,
                       .entity = catalogue_entity(f->conf->to->catalogue, ref->entity)};
    reference_scope(f, ref, w.scope, sizeof w.scope);
    struct path *path = path_parse(ref->from, err);
    if (!path)
        return -1;
    int rc = 0;
    if (path_is_plural(path)) {
        /* Every line that names an article; others are texts and costs, which refer to nothing. */
        struct each each = {.wanted = &w, .err = err};
        rc = path_each(path, core, resolve_each, &each);
    } else {
        w.part = path_get(path, core);
        bool absent = !json_is_object(w.part) || json_object_size(w.part) == 0;
        if (absent && ref->optional && !conf->fallback) {
            path_free(path);
            return 0;
        }
        if (!json_is_object(w.part)) {
            w.part = json_object();
            rc = path_set_take(path, core, w.part);
        }
        if (rc == 0)
            rc = resolve_part(&w, err);
    }
    path_free(path);
    return rc;
}

static int resolve_nested(struct wanted *w, struct koppel_error *err)
{
    if (w->depth >= NEST_MAX)
        return err_reason(err, KOPPEL_E_REJECTED, "reference.depth",
                          "references more than %d deep: does a record "
                          "of %s refer to itself?",
                          NEST_MAX, w->flow->conf->from->name);
    for (int i = 0; i < w->entity->reference_count; i++) {
        if (resolve_one(w->flow, &w->entity->references[i], w->part, w->steps, w->trace, w, err) !=
            0)
            return -1;
    }
    return 0;
}

/* A mapping that takes nothing from where a reference stands has no use for it. */
static bool is_wanted(const struct flow *f, const struct cat_reference *ref)
{
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(ref->from, ".["), ref->from);
    return map_reads(&f->conf->send, name);
}

int flow_resolve(struct flow *f, json_t *core, json_t *steps, json_t *trace,
                 struct koppel_error *err)
{
    for (int i = 0; i < f->dest->reference_count; i++) {
        const struct cat_reference *ref = &f->dest->references[i];
        if (is_wanted(f, ref) && resolve_one(f, ref, core, steps, trace, NULL, err) != 0)
            return -1;
    }
    return 0;
}
