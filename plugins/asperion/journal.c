/* SPDX-License-Identifier: MIT
 * Journal entries; see journal.h. */
#include "journal.h"

#include <stdlib.h>

#include "records.h"

int64_t journal_year(const json_t *record)
{
    int64_t year, ms;
    const char *date = koppel_get_text(record, "date", "");
    if (koppel_get_int(record, "bookyear", &year) == 0 && year > 0)
        return year;
    return records_moment(date, &ms) ? strtol(date, NULL, 10) : 0;
}

static bool names_any(const json_t *line, const char *const wires[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (json_integer_value(json_object_get(line, wires[i])) != 0)
            return true;
    }
    return false;
}

static bool is_zero(const char *text)
{
    return *text && strspn(text, "-0.") == strlen(text);
}

/* Lines of zero book nothing. An entry of such lines only keeps those that say where, so that it is
 * one: an order of zero is a document too. */
static void drop_zeros(json_t *lines, json_t *inside)
{
    const char *amount = records_wire(inside, "amount");
    const char *const where[] = {records_wire(inside, "ledgerAccountId"),
                                 records_wire(inside, "debtorId")};
    size_t i, booked = 0;
    json_t *line;
    json_array_foreach(lines, i, line)
        booked += !is_zero(koppel_get_text(line, amount, "0"));
    for (i = json_array_size(lines); i-- > 0;) {
        line = json_array_get(lines, i);
        if (is_zero(koppel_get_text(line, amount, "")) && (booked || !names_any(line, where, 2)))
            json_array_remove(lines, i);
    }
}

/* Sets the member where the line has none. Steals value, also on failure. */
static int set_missing(json_t *line, const char *wire, json_t *value)
{
    if (!json_object_get(line, wire))
        return json_object_set_new(line, wire, value);
    json_decref(value);
    return 0;
}

/* No client is known to leave these out, so they are sent always, empty where nothing is said. */
int journal_complete(struct asperion *a, json_t *fields, json_t *body, struct koppel_error *err)
{
    size_t i;
    json_t *line;
    json_t *inside = records_inside(fields, "lines");
    json_t *lines = json_object_get(json_object_get(body, records_wire(fields, "lines")), "_data");
    json_t *date = json_object_get(body, records_wire(fields, "date"));
    drop_zeros(lines, inside);
    json_array_foreach(lines, i, line) {
        if (set_missing(line, records_wire(inside, "vatAmount"), json_integer(0)) != 0 ||
            set_missing(line, records_wire(inside, "vatCode"), json_string("")) != 0 ||
            set_missing(line, records_wire(inside, "costCenterId"), json_integer(0)) != 0 ||
            (date &&
             set_missing(line, records_wire(inside, "bookingDate"), json_incref(date)) != 0))
            return api_no_memory(a, err);
    }
    return 0;
}

void journal_tidy(json_t *record)
{
    size_t i;
    json_t *line;
    const char *date = koppel_get_text(record, "date", "");
    json_array_foreach(json_object_get(record, "lines"), i, line) {
        if (is_zero(koppel_get_text(line, "vatAmount", "")))
            json_object_del(line, "vatAmount");
        if (!*koppel_get_text(line, "vatCode", ""))
            json_object_del(line, "vatCode");
        if (*date && strcmp(koppel_get_text(line, "bookingDate", ""), date) == 0)
            json_object_del(line, "bookingDate");
    }
}
