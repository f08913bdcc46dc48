/* SPDX-License-Identifier: MIT
 * Answers of the till into records, records into requests, receipts into day totals, and the till's
 * description of itself. Input: an envelope, a WSDL, or a JSON object that stands for the members
 * of a request. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "plugins/mpluskassa/day_record.h"
#include "plugins/mpluskassa/daytotal.h"
#include "plugins/mpluskassa/soap_read.h"
#include "plugins/mpluskassa/soap_write.h"
#include "plugins/mpluskassa/types.h"
#include "plugins/mpluskassa/wsdl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static void write_all(const json_t *params)
{
    for (int i = 0; used_operations[i].op; i++) {
        char why[SOAP_WHY_BYTES] = "";
        size_t length = 0;
        char *xml = soap_write(used_operations[i].op, params, &length, why);
        if (xml ? length != strlen(xml) : !why[0])
            abort();
        free(xml);
    }
}

/* Whatever the receipts hold, a day of them can be told. */
static void add_up(const json_t *answer)
{
    json_t *day = daytotal_new(), *receipt;
    size_t i;
    json_array_foreach(json_object_get(answer, "receiptList"), i, receipt)
        daytotal_add_receipt(day, receipt);
    json_array_foreach(json_object_get(answer, "cashCountList"), i, receipt)
        daytotal_add_cash_count(day, receipt);
    json_t *branches = day_record_branches(day), *branch;
    json_array_foreach(branches, i, branch) {
        int64_t marker;
        const char *raw;
        day_record_unknown(day, json_string_value(branch), &raw);
        json_t *record =
            day_record_make(day, json_string_value(branch), "2026-01-01", NULL, &marker);
        if (!record)
            abort();
        json_decref(record);
    }
    json_decref(branches);
    json_decref(day);
}

static int ignore(void *context, const char *where, const char *what)
{
    (void)context;
    return *where && *what ? 0 : -1;
}

static void describe(const char *text, size_t bytes)
{
    char why[SOAP_WHY_BYTES] = "";
    json_t *wsdl = wsdl_read(text, bytes, why);
    if (!wsdl && !why[0])
        abort();
    for (int i = 0; wsdl && used_operations[i].op; i++) {
        if (wsdl_compare(wsdl, used_operations[i].entity ? used_operations[i].entity : "", ignore,
                         NULL) != 0)
            abort();
    }
    json_decref(wsdl);
}

static bool is_within(const struct soap_unreadable *bad, const char *xml, size_t bytes)
{
    return bad->raw_bytes > 0 && bad->raw_bytes <= bytes &&
           memmem(xml, bytes, bad->raw, bad->raw_bytes);
}

static void read_one(const struct soap_operation *op, const char *xml, size_t bytes)
{
    struct soap_fault fault = {{0}, {0}};
    char why[SOAP_WHY_BYTES] = "";
    struct soap_unreadable *bad = NULL;
    json_t *out = NULL, *strict = NULL;
    int rc = soap_read(op, xml, bytes, &out, &bad, &fault, why);
    if ((rc == 0) != (out != NULL) || (rc < 0 && !why[0]) || (rc != 0 && bad))
        abort();
    for (const struct soap_unreadable *b = bad; b; b = b->next) {
        if (!b->record || !b->why[0] || !is_within(b, xml, bytes))
            abort();
    }
    /* what nothing is wrong with is the same to who takes no unreadable records */
    if (soap_read(op, xml, bytes, &strict, NULL, &fault, why) != (bad ? -1 : rc) ||
        (strict && !json_equal(strict, out)))
        abort();
    if (out) {
        write_all(out);
        add_up(out);
    }
    soap_read_free(bad);
    json_decref(out);
    json_decref(strict);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    const char *text = (const char *)data;
    int tried = 0;
    if (bytes > 0 && text[0] == '{') {
        json_t *params = json_loadb(text, bytes, 0, NULL);
        if (params)
            write_all(params);
        json_decref(params);
        return 0;
    }
    for (int i = 0; used_operations[i].op; i++) {
        if (bytes &&
            memmem(text, bytes, used_operations[i].op->name, strlen(used_operations[i].op->name))) {
            read_one(used_operations[i].op, text, bytes);
            tried++;
        }
    }
    if (!tried)
        read_one(&op_get_orders, text, bytes);
    read_one(&op_get_articles, text, bytes);
    describe(text, bytes);
    return 0;
}
