/* SPDX-License-Identifier: MIT
 * core/connection/border.c and what stands on it (batch.c, results.c, list.c): a deliberately
 * broken plugin, one defect per test. */
#include "connection/border.h"
#include "inside.h"
#include "unit.h"

#define PLACE(member) json_string_value(json_object_get(inner, member))

/* ---- records that cannot be taken: they park alone, the page goes on ---- */

static json_t *nested(int levels)
{
    json_t *value = json_string("deep");
    for (int i = 0; i < levels; i++)
        value = i % 2 ? json_pack("{s:o}", "in", value) : json_pack("[o]", value);
    return json_pack("{s:s,s:o}", "id", "k", "in", value);
}

static json_t *make_real(void)
{
    return json_pack("{s:s,s:[{s:i},{s:f}]}", "id", "k", "lines", "n", 1, "price", 19.95);
}

static json_t *make_latin(void)
{
    return json_pack("{s:s,s:o}", "id", "k", "name", json_string_nocheck("caf\xe9 au lait"));
}

static json_t *make_surrogate(void)
{
    return json_pack("{s:s,s:o}", "id", "k", "name", json_string_nocheck("\xed\xa0\xbd"));
}

static json_t *make_overlong(void)
{
    return json_pack("{s:s,s:o}", "id", "k", "name", json_string_nocheck("\xc0\xaf"));
}

static json_t *make_name(void)
{
    json_t *r = json_pack("{s:s}", "id", "k");
    json_object_set_new_nocheck(r, "n\xff", json_integer(1));
    return r;
}

static json_t *make_nul(void)
{
    return json_pack("{s:s,s:o}", "id", "k", "name", json_stringn("a\0b", 3));
}

static json_t *make_deep(void)
{
    return nested(2000);
}

/* The record is one level, its text another. */
static json_t *make_just_deep(void)
{
    return nested(BORDER_DEPTH_MAX - 1);
}

static json_t *make_deepest(void)
{
    return nested(BORDER_DEPTH_MAX - 2);
}

static json_t *make_large(void)
{
    char *text = malloc(1 << 20);
    json_t *list = json_array();
    memset(text, 'x', 1 << 20);
    for (int i = 0; i < 17; i++)
        json_array_append_new(list, json_stringn(text, 1 << 20));
    free(text);
    return json_pack("{s:s,s:o}", "id", "k", "parts", list);
}

static json_t *make_reserved(void)
{
    return json_pack("{s:s,s:b}", "id", "k", "_gone", 1);
}

static json_t *make_other_key(void)
{
    return json_pack("{s:s}", "id", "another");
}

static json_t *make_no_key_field(void)
{
    return json_pack("{s:s}", "number", "k");
}

static json_t *make_good(void)
{
    return json_pack("{s:s,s:s}", "id", "k", "name", "caf\xc3\xa9 \xf0\x9f\x8d\xbb");
}

static json_t *make_number_key(void)
{
    return json_pack("{s:I}", "id", (json_int_t)12);
}

static const struct {
    const char *key;
    json_t *(*make)(void);
    const char *reason; /* NULL: it is taken */
    const char *place;
} records[] = {
    {"k", make_good, NULL, NULL},
    {"12", make_number_key, NULL, NULL},
    {"k", make_deepest, NULL, NULL},
    {"k", make_real, "plugin.real", "lines[1].price"},
    {"k", make_latin, "plugin.text", "name"},
    {"k", make_surrogate, "plugin.text", "name"},
    {"k", make_overlong, "plugin.text", "name"},
    {"k", make_name, "plugin.text", ""},
    {"k", make_nul, "plugin.text", "name"},
    {"k", make_deep, "plugin.deep", NULL},
    {"k", make_just_deep, "plugin.deep", NULL},
    {"k", make_large, "plugin.large", "parts[15]"},
    {"k", make_reserved, "plugin.reserved", "_gone"},
    {"k", make_other_key, "plugin.key", "id"},
    {"k", make_no_key_field, "plugin.key", "id"},
    {"", make_good, "plugin.no_key", ""},
    {NULL, make_good, "plugin.no_key", ""},
};

static int which;

static int read_one(struct instance_state *s, const struct koppel_read_request *r,
                    struct koppel_batch *out, struct koppel_error *e)
{
    (void)r;
    ck_assert_int_eq(s->host->emit(out, "before", 1, json_pack("{s:s}", "id", "before"), e), 0);
    ck_assert_int_eq(s->host->emit(out, records[which].key, 7, records[which].make(), e), 0);
    ck_assert_int_eq(s->host->emit(out, "behind", 2, json_pack("{s:s}", "id", "behind"), e), 0);
    return s->host->batch_end(out, "next", 0, e);
}

static struct koppel_batch batch;

static int read_thing(void)
{
    struct koppel_read_request request = {.entity = "thing"};
    memset(&err, 0, sizeof err);
    return connection_read(connection, &request, &batch, NULL, &err);
}

START_TEST(f23_y5_a_record_that_cannot_be_taken_parks_alone)
{
    start();
    which = _i;
    inside_body.read = read_one;
    ck_assert_int_eq(read_thing(), 0);
    ck_assert_int_eq(batch.count, 3);
    ck_assert_str_eq(batch.records[2].key, "behind");
    struct batch_record *r = &batch.records[1];
    if (!records[which].reason) {
        ck_assert_int_eq(r->kind, BATCH_RECORD);
        ck_assert_str_eq(r->key, records[which].key);
    } else {
        json_t *inner = json_object_get(r->record, BATCH_UNREADABLE);
        ck_assert_int_eq(r->kind, BATCH_UNREADABLE_RECORD);
        ck_assert_str_eq(PLACE("reason"), records[which].reason);
        ck_assert_ptr_nonnull(strstr(PLACE("detail"), "plugin inside: "));
        if (records[which].place)
            ck_assert_str_eq(PLACE("place"), records[which].place);
        if (records[which].key && records[which].key[0])
            ck_assert_str_eq(r->key, "k");
        else
            ck_assert(strncmp(r->key, "hash:", 5) == 0 && strlen(r->key) == 37);
        ck_assert_int_eq(r->version, 7);
        char *text = json_dumps(r->record, 0); /* it can be stored */
        ck_assert_ptr_nonnull(text);
        free(text);
    }
    batch_done(&batch);
}
END_TEST

/* The same long key gives the same hash whatever the record says. */
static int read_long_keys(struct instance_state *s, const struct koppel_read_request *r,
                          struct koppel_batch *out, struct koppel_error *e)
{
    char key[301], ok[256];
    (void)r;
    memset(key, 'k', 300);
    key[300] = '\0';
    memset(ok, 'k', 255);
    ok[255] = '\0';
    s->host->emit(out, key, 1, json_pack("{s:s,s:i}", "id", key, "n", 1), e);
    s->host->emit(out, key, 2, json_pack("{s:s,s:i}", "id", key, "n", 2), e);
    s->host->emit(out, ok, 2, json_pack("{s:s}", "id", ok), e);
    s->host->emit(out, "", 2, json_pack("{s:s,s:i}", "id", "", "n", 1), e);
    s->host->emit(out, "", 2, json_pack("{s:s,s:i}", "id", "", "n", 2), e);
    return s->host->batch_end(out, "next", 0, e);
}

START_TEST(f23_a_key_that_is_too_long_is_hashed)
{
    start();
    inside_body.read = read_long_keys;
    ck_assert_int_eq(read_thing(), 0);
    ck_assert_int_eq(batch.count, 5);
    ck_assert(strncmp(batch.records[0].key, "hash:", 5) == 0);
    ck_assert_str_eq(batch.records[0].key, batch.records[1].key);
    ck_assert_int_eq(batch.records[2].kind, BATCH_RECORD);
    ck_assert_str_ne(batch.records[3].key, batch.records[4].key); /* of the raw text */
    json_t *inner = json_object_get(batch.records[0].record, BATCH_UNREADABLE);
    ck_assert_str_eq(PLACE("reason"), "plugin.long_key");
    batch_done(&batch);
}
END_TEST

static int read_unreadable(struct instance_state *s, const struct koppel_read_request *r,
                           struct koppel_batch *out, struct koppel_error *e)
{
    static const char raw[] = "{\"id\":\"7\",\"at\":\"20261-01-01\xff\0\x01\"}";
    char *large = malloc(200000);
    (void)r;
    memset(large, 0xc3, 200000);
    for (int i = 1; i < 200000; i += 2)
        large[i] = (char)0xa9; /* e with an acute, all the way: the cut is between two */
    ck_assert_int_eq(s->host->emit_unreadable(out, "7", 3, raw, sizeof raw - 1,
                                              "at: no year \"20261\"", e), 0);
    ck_assert_int_eq(s->host->emit_unreadable(out, NULL, 0, raw, sizeof raw - 1, "at", e), 0);
    ck_assert_int_eq(s->host->emit_unreadable(out, "8", 0, large + 1, 199999, NULL, e), 0);
    ck_assert_int_eq(s->host->emit_unreadable(out, "9", 0, NULL, 0, "\xff", e), 0);
    free(large);
    return s->host->batch_end(out, "next", 0, e);
}

START_TEST(f12_an_unreadable_record_keeps_its_raw_text)
{
    start();
    inside_body.read = read_unreadable;
    ck_assert_int_eq(read_thing(), 0);
    ck_assert_int_eq(batch.count, 4);
    json_t *inner = json_object_get(batch.records[0].record, BATCH_UNREADABLE);
    ck_assert_str_eq(batch.records[0].key, "7");
    ck_assert_str_eq(PLACE("reason"), "plugin.unreadable");
    ck_assert_str_eq(PLACE("place"), "at: no year \"20261\"");
    ck_assert_str_eq(PLACE("raw"),
                     "{\"id\":\"7\",\"at\":\"20261-01-01\xef\xbf\xbd\xe2\x90\x80\x01\"}");
    ck_assert(strncmp(batch.records[1].key, "hash:", 5) == 0);
    inner = json_object_get(batch.records[2].record, BATCH_UNREADABLE);
    ck_assert_int_eq(json_integer_value(json_object_get(inner, "bytes")), 199999);
    ck_assert_uint_le(strlen(PLACE("raw")), BORDER_RAW_BYTES + 3);
    ck_assert(border_is_text(PLACE("raw"), strlen(PLACE("raw"))));
    inner = json_object_get(batch.records[3].record, BATCH_UNREADABLE);
    ck_assert_str_eq(PLACE("place"), "\xef\xbf\xbd");
    for (int i = 0; i < batch.count; i++) {
        char *text = json_dumps(batch.records[i].record, 0);
        ck_assert_ptr_nonnull(text);
        free(text);
    }
    batch_done(&batch);
}
END_TEST

static const char *const no_text[] = {
    "\xff", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\xbd", "\xf0\x80\x80\xaf", "\xf4\x90\x80\x80",
    "\xc3",
};

/* Half a character, one that is written too long, half a pair, one beyond the last: each byte shows
 * as U+FFFD, and the rest of the record is there. */
START_TEST(raw_bytes_that_are_no_text_are_shown)
{
    json_t *made = border_unreadable("plugin.text", "", "", no_text[_i], strlen(no_text[_i]));
    const char *raw =
        json_string_value(json_object_get(json_object_get(made, BATCH_UNREADABLE), "raw"));
    ck_assert_ptr_nonnull(raw);
    ck_assert_uint_eq(strlen(raw), 3 * strlen(no_text[_i]));
    for (; *raw; raw += 3)
        ck_assert(strncmp(raw, "\xef\xbf\xbd", 3) == 0);
    json_decref(made);
}
END_TEST

/* ---- calls against the contract: the page fails, nothing is taken ---- */

static int behind_the_end(struct instance_state *s, struct koppel_batch *out,
                          struct koppel_error *e)
{
    struct koppel_error own = {0};
    s->host->batch_end(out, "next", 0, e);
    ck_assert_int_eq(s->host->emit(out, "a", 1, json_pack("{s:s}", "id", "a"), &own), -1);
    return 0; /* overlooks it */
}

static int no_end(struct instance_state *s, struct koppel_batch *out, struct koppel_error *e)
{
    return s->host->emit(out, "a", 1, json_pack("{s:s}", "id", "a"), e);
}

static int two_ends(struct instance_state *s, struct koppel_batch *out, struct koppel_error *e)
{
    s->host->batch_end(out, "first", 0, e);
    s->host->batch_end(out, "second", 0, NULL);
    return 0;
}

static int no_cursor(struct instance_state *s, struct koppel_batch *out, struct koppel_error *e)
{
    (void)e;
    s->host->batch_end(out, NULL, 0, NULL);
    return 0;
}

static int bad_cursor(struct instance_state *s, struct koppel_batch *out, struct koppel_error *e)
{
    (void)e;
    s->host->batch_end(out, "\xff", 0, NULL);
    return 0;
}

static int no_object(struct instance_state *s, struct koppel_batch *out, struct koppel_error *e)
{
    s->host->emit(out, "a", 1, json_array(), NULL);
    s->host->emit(out, "a", 1, NULL, NULL);
    return s->host->batch_end(out, "next", 0, e);
}

static int gone_without_key(struct instance_state *s, struct koppel_batch *out,
                            struct koppel_error *e)
{
    s->host->emit_gone(out, "", 1, NULL);
    return s->host->batch_end(out, "next", 0, e);
}

static int nothing_unreadable(struct instance_state *s, struct koppel_batch *out,
                              struct koppel_error *e)
{
    s->host->emit_unreadable(out, NULL, 1, "", 0, "somewhere", NULL);
    return s->host->batch_end(out, "next", 0, e);
}

static int negative_total(struct instance_state *s, struct koppel_batch *out,
                          struct koppel_error *e)
{
    s->host->total(out, -1, NULL);
    return s->host->batch_end(out, "next", 0, e);
}

static int no_reason(struct instance_state *s, struct koppel_batch *out, struct koppel_error *e)
{
    (void)s;
    (void)out;
    (void)e;
    return -1;
}

static const struct {
    int (*read)(struct instance_state *s, struct koppel_batch *out, struct koppel_error *e);
    const char *reason;
} pages[] = {
    {behind_the_end, "plugin.order"}, {no_end, "plugin.no_end"},
    {two_ends, "plugin.order"},       {no_cursor, "plugin.cursor"},
    {bad_cursor, "plugin.cursor"},    {no_object, "plugin.record"},
    {gone_without_key, "plugin.no_key"}, {nothing_unreadable, "plugin.no_key"},
    {negative_total, "plugin.total"}, {no_reason, "plugin.no_reason"},
};

static int read_page(struct instance_state *s, const struct koppel_read_request *r,
                     struct koppel_batch *out, struct koppel_error *e)
{
    (void)r;
    return pages[which].read(s, out, e);
}

START_TEST(y5_a_page_against_the_contract_fails)
{
    start();
    which = _i;
    inside_body.read = read_page;
    ck_assert_int_eq(read_thing(), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_BUG);
    ck_assert_str_eq(err.reason, pages[which].reason);
    ck_assert_ptr_nonnull(strstr(err.text, "shop: "));
    ck_assert_ptr_nonnull(strstr(err.text, "inside"));
    batch_done(&batch);
}
END_TEST

/* ---- outcomes ---- */

static int write_badly(struct instance_state *s, const struct koppel_write_request *r,
                       struct koppel_results *out, struct koppel_error *e)
{
    char long_id[600];
    (void)r;
    memset(long_id, 'i', sizeof long_id);
    long_id[sizeof long_id - 1] = '\0';
    switch (which) {
    case 0: /* for nobody */
        ck_assert_int_eq(s->host->result_done(out, 0, "1", NULL, e), 0);
        return s->host->result_done(out, 5, "2", json_object(), NULL), 0;
    case 1: /* twice */
        s->host->result_done(out, 0, "1", NULL, e);
        s->host->result_done(out, 0, "1", json_object(), NULL);
        return s->host->result_done(out, 1, "2", NULL, e);
    case 2: /* ids that are none */
        s->host->result_done(out, 0, NULL, NULL, e);
        s->host->result_done(out, 1, "\xff", NULL, NULL);
        return 0;
    case 3:
        s->host->result_done(out, 0, long_id, NULL, NULL);
        return s->host->result_error(out, 7, KOPPEL_E_REJECTED, "nobody"), 0;
    case 4: /* an answer that cannot be stored does not undo what was done */
        s->host->result_done(out, 0, "1", json_pack("{s:f}", "price", 1.5), e);
        return s->host->result_done(out, 1, "2", NULL, e);
    default: /* an error behind the success does not undo it either */
        s->host->result_done(out, 0, "1", NULL, e);
        s->host->result_error(out, 0, KOPPEL_E_REJECTED, "no, it is not");
        s->host->result_error(out, 1, 99, "an unknown kind");
        return 0;
    }
}

static const struct {
    const char *first, *second; /* reason; NULL: done */
} writes[] = {
    {NULL, "plugin.nobody"}, {NULL, NULL},  {"plugin.no_id", "plugin.no_id"},
    {"plugin.no_id", "plugin.no_id"}, {NULL, NULL}, {NULL, ""},
};

START_TEST(y5_an_item_without_a_proper_result_is_unsure)
{
    struct koppel_write_item items[2] = {{.struct_size = sizeof items[0], .job = "S/f/0/1/2"},
                                         {.struct_size = sizeof items[0], .job = "S/f/0/2/2"}};
    const struct koppel_write_item *list[2] = {&items[0], &items[1]};
    struct koppel_results out;
    start();
    which = _i;
    inside_body.write = write_badly;
    results_init(&out, 2);
    ck_assert_int_eq(
        connection_write(connection, "thing", KOPPEL_VERB_CREATE, 0, list, 2, &out,
                         NULL, NULL, &err), 0);
    for (int i = 0; i < 2; i++) {
        const char *reason = i ? writes[which].second : writes[which].first;
        ck_assert_int_eq(out.entries[i].done, !reason);
        ck_assert_int_eq(out.entries[i].err.kind,
                         !reason ? 0 : *reason ? KOPPEL_E_UNSURE : KOPPEL_E_BUG);
        ck_assert_str_eq(out.entries[i].err.reason, reason ? reason : "");
    }
    results_done(&out);
}
END_TEST

static int find_badly(struct instance_state *s, const struct koppel_find_request *r,
                      struct koppel_results *out, struct koppel_error *e)
{
    (void)r;
    (void)e;
    switch (which) {
    case 0:
        return s->host->result_found(out, 2, "1", json_object(), NULL), 0;
    case 1:
        return s->host->result_found(out, 0, "", json_object(), NULL), 0;
    case 2:
        return s->host->result_found(out, 0, NULL, NULL, NULL), 0;
    default:
        return s->host->result_found(out, 0, "1", json_pack("{s:f}", "price", 1.5), NULL), 0;
    }
}

static const char *const finds[] = {"plugin.nobody", "plugin.no_id", "plugin.no_id", "plugin.real"};

/* A look-up that went wrong is never "not there". */
START_TEST(y5_a_bad_hit_is_no_miss)
{
    static const char *const keys[] = {"a"};
    struct koppel_results out;
    start();
    which = _i;
    inside_body.find = find_badly;
    results_init(&out, 1);
    int rc = connection_find(connection, "thing", "id", keys, NULL, 1, &out, NULL, &err);
    const struct koppel_error *why = rc < 0 ? &err : &out.entries[0].err;
    ck_assert_int_eq(why->kind, KOPPEL_E_BUG);
    ck_assert_str_eq(why->reason, finds[which]);
    ck_assert_ptr_nonnull(strstr(why->text, "plugin inside"));
    results_done(&out);
}
END_TEST

START_TEST(y5_what_is_asked_of_a_plugin_is_checked_too)
{
    struct koppel_write_item item = {.struct_size = sizeof item, .id = ""};
    const struct koppel_write_item *list[1] = {&item};
    struct koppel_results out;
    start();
    results_init(&out, 1);
    ck_assert_int_eq(
        connection_write(connection, "thing", KOPPEL_VERB_CREATE, 0, list, 1, &out,
                         NULL, NULL, &err),
        -1); /* a write without a name could not be told from another */
    item.job = "S/f/0/1/2";
    ck_assert_int_eq(
        connection_write(connection, "thing", KOPPEL_VERB_UPDATE, 0, list, 1, &out,
                         NULL, NULL, &err),
        -1);
    ck_assert_int_eq(atomic_load(&seen.calls), 0);
    results_done(&out);
}
END_TEST

/* ---- transforms ---- */

static int convert_real(const struct koppel_host *host, struct koppel_context *ctx, json_t *value,
                        json_t **out, struct koppel_error *e)
{
    (void)host;
    (void)ctx;
    (void)value;
    (void)e;
    *out = which == 0 ? json_real(1.5) : json_string_nocheck("\xff");
    return 0;
}

START_TEST(y5_a_transform_is_blamed_for_its_own_values)
{
    json_t *value = json_string("x"), *out = NULL;
    const struct plugins_call call = {.plugin = &words, .function = 0};
    which = _i;
    inside_body.convert = convert_real;
    ck_assert_int_eq(host_convert(&call, value, NULL, &out, &err), -1);
    ck_assert_str_eq(err.reason, which == 0 ? "plugin.real" : "plugin.text");
    ck_assert_ptr_nonnull(strstr(err.text, "plugin words, say: "));
    ck_assert_ptr_null(out);
    json_decref(value);
}
END_TEST

/* ---- text ---- */

static const struct {
    const char *text;
    size_t bytes;
    bool is;
} texts[] = {
    {"", 0, true},
    {"plain text of some length", 25, true},
    {"caf\xc3\xa9", 5, true},
    {"\xe2\x82\xac\xf0\x9f\x8d\xbb", 7, true},
    {"\xf4\x8f\xbf\xbf", 4, true},
    {"\xf4\x90\x80\x80", 4, false},
    {"\xed\x9f\xbf", 3, true},
    {"\xed\xa0\x80", 3, false},
    {"\xe0\x9f\xbf", 3, false},
    {"\xf0\x8f\xbf\xbf", 4, false},
    {"\xc1\xbf", 2, false},
    {"12345678\xc3", 9, false},
    {"1234567\0", 8, false},
    {"12345678\x80", 9, false},
    {"\xf5\x80\x80\x80", 4, false},
    {"\xe2\x82", 2, false},
    {"\xe2\x28\xa1", 3, false},
};

START_TEST(test_text)
{
    char *copy = malloc(texts[_i].bytes + 1); /* so that reading beyond it is noticed */
    memcpy(copy, texts[_i].text, texts[_i].bytes);
    ck_assert_int_eq(border_is_text(copy, texts[_i].bytes), texts[_i].is);
    free(copy);
}
END_TEST

UNIT_MAIN("border")
{
    tcase_add_checked_fixture(t, setup, teardown);
    LOOP(f23_y5_a_record_that_cannot_be_taken_parks_alone, records);
    LOOP(raw_bytes_that_are_no_text_are_shown, no_text);
    tcase_add_test(t, f23_a_key_that_is_too_long_is_hashed);
    tcase_add_test(t, f12_an_unreadable_record_keeps_its_raw_text);
    LOOP(y5_a_page_against_the_contract_fails, pages);
    LOOP(y5_an_item_without_a_proper_result_is_unsure, writes);
    LOOP(y5_a_bad_hit_is_no_miss, finds);
    tcase_add_test(t, y5_what_is_asked_of_a_plugin_is_checked_too);
    tcase_add_loop_test(t, y5_a_transform_is_blamed_for_its_own_values, 0, 2);
    LOOP(test_text, texts);
}
