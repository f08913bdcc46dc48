// SPDX-License-Identifier: MIT
// Keeps the till: adds, finds and marks its documents, relations and articles.
#include "shop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

uint64_t seed_next(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

int64_t below(struct shop *s, int64_t n)
{
    return (int64_t)(seed_next(&s->random) % (uint64_t)n);
}

int grow(void *array, size_t *room, size_t need, size_t size)
{
    void *old, *more;
    size_t want = *room ? *room : 64;

    if (need <= *room)
        return 0;
    while (want < need)
        want *= 2;
    memcpy(&old, array, sizeof old);
    more = realloc(old, want * size);
    if (!more)
        return -1;
    memcpy(array, &more, sizeof more);
    *room = want;
    return 0;
}

// ---- Texts ------------------------------------------------------------------------------

#define CHUNK_BYTES 65536

struct chunk {
    struct chunk *next;
    size_t used, room;
    char text[];
};

const char *shop_text(struct shop *s, const char *text)
{
    size_t bytes = strlen(text) + 1;
    if (!s->texts || s->texts->room - s->texts->used < bytes) {
        size_t room = bytes > CHUNK_BYTES ? bytes : CHUNK_BYTES;
        struct chunk *c = malloc(sizeof *c + room);
        if (!c)
            return NULL;
        *c = (struct chunk){.next = s->texts, .room = room};
        s->texts = c;
    }
    char *copy = s->texts->text + s->texts->used;
    memcpy(copy, text, bytes);
    s->texts->used += bytes;
    return copy;
}

// ---- Documents --------------------------------------------------------------------------

void doc_id(const struct shop *s, enum doc_kind kind, size_t index, char id[DOC_ID_BYTES])
{
    uint64_t state = s->options.seed * 1000003 + index + ((uint64_t)kind << 40);
    uint64_t a = seed_next(&state), b = seed_next(&state);
    snprintf(id, DOC_ID_BYTES, "%016llx%08x%08x", (unsigned long long)a, (uint32_t)b,
             (uint32_t)index);
}

int64_t doc_by_id(const struct shop *s, enum doc_kind kind, const char *id)
{
    char own[DOC_ID_BYTES];
    if (strlen(id) != DOC_ID_BYTES - 1)
        return -1;
    size_t index = strtoul(id + 24, NULL, 16);
    if (index >= s->docs[kind].count)
        return -1;
    doc_id(s, kind, index, own);
    return strcmp(own, id) == 0 ? (int64_t)index : -1;
}

char *doc_ext_id(const struct shop *s, enum doc_kind kind, size_t index, char *out, size_t room)
{
    const struct doc *d = &s->docs[kind].docs[index];
    if (d->ext_id)
        snprintf(out, room, "%s", d->ext_id);
    else if (kind == DOC_ORDER && !d->made)
        snprintf(out, room, "WEB-%zu", index + 100001);
    else
        *out = '\0';
    return out;
}

int64_t doc_by_ext_id(const struct shop *s, enum doc_kind kind, const char *ext_id)
{
    const struct doc_list *l = &s->docs[kind];
    int64_t found = map_get(&l->ext_ids, map_text(ext_id));
    char *end;

    if (found >= 0 && strcmp(l->docs[found].ext_id, ext_id) == 0)
        return found;
    if (kind != DOC_ORDER || strncmp(ext_id, "WEB-", 4) != 0 || ext_id[4] < '1' ||
        ext_id[4] > '9')
        return -1;
    unsigned long n = strtoul(ext_id + 4, &end, 10);
    if (*end || n <= 100000 || n - 100000 > l->count || l->docs[n - 100001].made)
        return -1;
    return (int64_t)(n - 100001);
}

int64_t shop_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t doc_found_by_ext_id(const struct shop *s, enum doc_kind kind, const char *ext_id)
{
    int64_t found = doc_by_ext_id(s, kind, ext_id);
    int64_t born = found >= 0 ? s->docs[kind].docs[found].born_ms : 0;
    bool lags = born >= s->lag_from_ms && shop_now_ms() - born < s->lag_ms;
    return lags ? -1 : found;
}

char *doc_string(const struct shop *s, enum doc_kind kind, size_t index, char *out, size_t room)
{
    static const char *const marks[DOC_KINDS] = {"", "F", "K", "O", "P"};
    (void)s;
    snprintf(out, room, "%s%d-%zu", marks[kind], ORDER_YEAR, index + 1);
    return out;
}

int doc_touch(struct shop *s, enum doc_kind kind, size_t index)
{
    struct doc_list *l = &s->docs[kind];
    if (grow(&l->log, &l->log_room, l->log_count + 1, sizeof *l->log) != 0)
        return -1;
    l->log[l->log_count] = (uint32_t)index;
    l->docs[index].marker = FIRST_MARKER + (int64_t)l->log_count++;
    l->docs[index].changes++;
    return 0;
}

static void *copy_of(const void *from, size_t bytes)
{
    void *to = malloc(bytes ? bytes : 1);
    if (to && bytes)
        memcpy(to, from, bytes);
    return to;
}

int64_t doc_add(struct shop *s, enum doc_kind kind, const struct doc *from)
{
    struct doc_list *l = &s->docs[kind];
    struct doc d = *from;

    if (grow(&l->docs, &l->room, l->count + 1, sizeof *l->docs) != 0)
        return -1;
    d.lines = copy_of(from->lines, from->line_count * sizeof *d.lines);
    if (from->pays)
        d.pays = copy_of(from->pays, from->pay_count * sizeof *d.pays);
    if (!d.lines || (from->pays && !d.pays)) {
        free(d.lines);
        free(d.pays);
        return -1;
    }
    for (int i = 0; i < d.line_count; i++)
        d.lines[i].id = d.line_ids = (uint16_t)(i + 1);
    d.born_ms = shop_now_ms();
    l->docs[l->count] = d;
    if (d.ext_id && map_set(&l->ext_ids, map_text(d.ext_id), l->count) != 0)
        return -1;
    return doc_touch(s, kind, l->count++) == 0 ? (int64_t)l->count - 1 : -1;
}

// ---- Relations --------------------------------------------------------------------------

const char *relation_get(const struct shop *s, const struct relation *r, const char *name)
{
    int i = r->value ? schema_position(s->relation_fields, name) : -1;
    return i >= 0 && r->value[i] ? r->value[i] : "";
}

int relation_set(struct shop *s, struct relation *r, const char *name, const char *value)
{
    int i = schema_position(s->relation_fields, name);
    free(r->value[i]);
    r->value[i] = strdup(value);
    return r->value[i] ? 0 : -1;
}

struct relation *shop_relation(const struct shop *s, int64_t number)
{
    if (number <= 0)
        return NULL;
    // Seeded relations lie at their number; only chosen numbers need the search.
    if ((uint64_t)number <= s->relation_count &&
        s->relations[number - 1].number == number)
        return &s->relations[number - 1];
    for (size_t i = 0; i < s->relation_count; i++) {
        if (s->relations[i].number == number)
            return &s->relations[i];
    }
    return NULL;
}

void relation_index(struct shop *s, const struct relation *r)
{
    const char *email = r->value[s->email_field];
    s->emails[r - s->relations] = map_text_folded(email ? email : "");
}

static int64_t next_relation(const struct shop *s)
{
    int64_t highest = 0;
    for (size_t i = 0; i < s->relation_count; i++) {
        if (llabs(s->relations[i].number) > highest)
            highest = llabs(s->relations[i].number);
    }
    return highest + 1;
}

struct relation *shop_add_relation(struct shop *s, int64_t number)
{
    size_t fields = 0, room = s->relation_room;

    while (s->relation_fields[fields].name)
        fields++;
    if (grow(&s->emails, &room, s->relation_count + 1, sizeof *s->emails) != 0 ||
        grow(&s->relations, &s->relation_room, s->relation_count + 1, sizeof *s->relations) != 0)
        return NULL;
    // The newest is nearly always the highest, so the search is for chosen numbers only.
    if (number <= 0 && s->relation_count > 0 &&
        s->relations[s->relation_count - 1].number == (int64_t)s->relation_count)
        number = (int64_t)s->relation_count + 1;
    struct relation r = {.number = number > 0 ? number : next_relation(s),
                         .value = calloc(fields, sizeof *r.value)};
    if (!r.value)
        return NULL;
    r.marker = ++s->relation_marker;
    s->relations[s->relation_count] = r;
    relation_index(s, &s->relations[s->relation_count]);
    return &s->relations[s->relation_count++];
}

// ---- The whole --------------------------------------------------------------------------

static int prepare(struct shop *s)
{
    static const char *const types[DOC_KINDS] = {"Order", "Invoice", "Receipt", "Proposal",
                                                 "PackingSlip"};
    s->schema = schema_new();
    if (!s->schema)
        return -1;
    for (int k = 0; k < DOC_KINDS; k++)
        s->doc_fields[k] = schema_fields(s->schema, types[k]);
    s->relation_fields = schema_fields(s->schema, "Relation");
    s->article_fields = schema_fields(s->schema, "Article");
    s->email_field = schema_position(s->relation_fields, "email");
    return 0;
}

struct shop *shop_new(const struct options *options)
{
    struct shop *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    shop_lists_load();
    s->options = *options;
    s->random = options->seed;
    s->relation_marker = s->group_marker = FIRST_MARKER - 1;
    if (prepare(s) != 0 || doc_prepare(s) != 0 || article_prepare(s) != 0 ||
        shop_seed_goods(s) != 0 || shop_seed_relations(s) != 0 ||
        shop_seed_orders(s) != 0 || shop_seed_sales(s) != 0 || shop_seed_days(s) != 0) {
        shop_free(s);
        return NULL;
    }
    return s;
}

static void free_values(char **value, const struct field *fields)
{
    for (size_t i = 0; value && fields[i].name; i++)
        free(value[i]);
    free(value);
}

static void free_goods(struct shop *s)
{
    for (size_t i = 0; i < s->article_count; i++)
        free_values(s->articles[i].value, s->article_fields);
    for (size_t i = 0; i < s->product_count; i++) {
        free(s->products[i].text);
        free(s->products[i].sort_orders);
        free(s->products[i].groups);
    }
    for (size_t i = 0; i < s->group_count; i++) {
        free(s->groups[i].name);
        free(s->groups[i].text);
        free(s->groups[i].products);
    }
    for (int b = 0; b < BRANCHES; b++)
        free(s->stock[b]);
    map_done(&s->article_numbers);
    map_done(&s->product_numbers);
    map_done(&s->plus);
    free(s->articles);
    free(s->products);
    free(s->product_log);
    free(s->groups);
    free(s->changes);
}

static void free_docs(struct shop *s, int kind)
{
    struct doc_list *l = &s->docs[kind];
    for (size_t i = 0; i < l->count; i++) {
        free(l->docs[i].lines);
        free(l->docs[i].pays);
        free_values(l->docs[i].value, s->doc_fields[kind]);
    }
    free(l->docs);
    free(l->log);
    map_done(&l->ext_ids);
    free(s->doc_codes[kind]);
}

void shop_free(struct shop *s)
{
    if (!s)
        return;
    free_goods(s);
    for (int k = 0; k < DOC_KINDS; k++)
        free_docs(s, k);
    for (size_t i = 0; i < s->relation_count; i++)
        free_values(s->relations[i].value, s->relation_fields);
    for (size_t i = 0; i < s->answer_count; i++)
        free(s->answers[i].text);
    while (s->texts) {
        struct chunk *next = s->texts->next;
        free(s->texts);
        s->texts = next;
    }
    map_done(&s->answer_keys);
    json_decref(s->wsdl_bend);
    free(s->article_codes);
    free(s->answers);
    free(s->relations);
    free(s->emails);
    free(s->days);
    schema_free(s->schema);
    free(s);
}
