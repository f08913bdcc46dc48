/* SPDX-License-Identifier: MIT
 * Conditions of a filter, then a line of %% and a record: they are refused where they stand, or
 * hold, do not hold or cannot be decided, the same each time, and "none" of them is the reverse. */
#include "base/json_read.h"
#include "fuzz_place.h"
#include "mapping/condition.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static void must(int holds)
{
    if (!holds)
        abort();
}

/* The flow with these conditions in this group, or NULL. */
static struct conf *filtered(const char *before, const char *conditions, const char *after)
{
    static const char flow[] =
        "name = \"x\";\nfrom = { connection = \"till\"; entity = \"order\"; };\n"
        "to = { connection = \"ledger\"; entity = \"invoice\"; };\n"
        "references = { customer = { send = ( ); }; };\nfilter = ( %s\n%s\n%s );\n";
    struct conf_report report = {0};
    char *text;
    must(asprintf(&text, flow, before, conditions, after) > 0);
    put("flows.d/x.conf", text, strlen(text));
    free(text);
    struct conf *c = conf_load(dir, NULL, NULL, &report);
    must(!c == (report.errors > 0));
    conf_report_done(&report);
    return c;
}

/* 1, 0 or -1. */
static int decided(const struct conf *c, const json_t *record)
{
    const struct conf_flow *f = &c->flows[0];
    const struct conf_condition *failed = NULL;
    struct koppel_error err = {0};
    int rc = condition_all(f->filter, f->filter_count, record, record, &failed, &err);
    must(rc >= -1 && rc <= 1);
    must(rc >= 0 || (err.kind == KOPPEL_E_REJECTED && strcmp(err.reason, "map.condition") == 0));
    must(rc != 0 || failed != NULL);
    return rc;
}

static void describe(const struct conf *c)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    for (int i = 0; i < c->flows[0].filter_count; i++)
        condition_words(&c->flows[0].filter[i], &out);
    buf_done(&out);
}

/* Does every bracket close within the text, so that what is put around it is around it? */
static int is_closed(const char *text)
{
    int depth = 0, quoted = 0;
    for (; *text && depth >= 0; text++) {
        if (*text == '"')
            quoted = !quoted;
        else if (quoted)
            text += *text == '\\' && text[1];
        else if (*text == '#' || *text == '/')
            return 0; /* comments may hide the end of what is around it */
        else
            depth += strchr("([{", *text) ? 1 : strchr(")]}", *text) ? -1 : 0;
    }
    return depth == 0 && !quoted;
}

static void try(const char *conditions, const json_t *record)
{
    struct conf *c = filtered("", conditions, "");
    if (!c)
        return;
    int holds = decided(c, record), some = c->flows[0].filter_count > 0 && is_closed(conditions);
    must(decided(c, record) == holds);
    describe(c);
    conf_free(c);
    struct conf *none = some ? filtered("{ none = ( { all = (", conditions, "); } ); }") : NULL;
    if (!none)
        return;
    int reverse = decided(none, record);
    must(reverse == (holds < 0 ? -1 : !holds));
    conf_free(none);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    if (!dir[0])
        start();
    if (includes(data, bytes))
        return 0;
    char *text = malloc(bytes + 1);
    must(text != NULL);
    if (bytes)
        memcpy(text, data, bytes);
    text[bytes] = '\0';
    char *end = strstr(text, "\n%%\n");
    json_t *record = end ? json_read_text(end + 4, NULL) : NULL;
    if (end)
        *end = '\0';
    if (!json_is_object(record)) {
        json_decref(record);
        record = json_object();
    }
    try(text, record);
    json_decref(record);
    free(text);
    return 0;
}
