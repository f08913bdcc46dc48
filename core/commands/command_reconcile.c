/* SPDX-License-Identifier: MIT
 * koppel reconcile FLOW: do both systems agree? */
#include "commands/command_reconcile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/visible.h"
#include "commands/command_again.h"
#include "commands/command_ask.h"
#include "commands/list_bar.h"
#include "commands/history_rows.h"
#include "commands/paper.h"
#include "service/reconciling_csv.h"

#define SHOWN 20 /* documents of each kind, for people */

static const char *text_of(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));
    return text ? text : "";
}

/* Of a figure; what is not told is not zero. */
static const char *amount_of(const json_t *row, const char *name)
{
    const char *text = text_of(row, name);
    return *text ? text : "?";
}

static long long number_of(const json_t *row, const char *name)
{
    return (long long)json_integer_value(json_object_get(row, name));
}

/* ---- figures ---- */

/* One figure of both sides: "1204  48112.35", as their rows have it. */
static void add_side(struct paper *p, const json_t *row, const char *side, const char *second,
                     const char *third, enum paper_tone tone)
{
    const json_t *s = json_object_get(row, side);
    paper_cell(p, tone, "%lld", number_of(s, "count"));
    paper_cell(p, tone, "%s", amount_of(s, second));
    paper_cell(p, tone, "%s", third ? amount_of(s, third) : "");
}

static void print_figures(const json_t *report, const char *list, const char *title,
                          const char *name, const char *second, const char *third)
{
    const json_t *rows = json_object_get(report, list), *row;
    const char *heads[] = {title, ">source", second, third ? third : "", ">destination", second,
                           third ? third : "", ""};
    char right[2][24];
    struct paper p;
    size_t i;
    if (json_array_size(rows) == 0)
        return;
    snprintf(right[0], sizeof right[0], ">%s", second);
    snprintf(right[1], sizeof right[1], ">%s", third ? third : "");
    heads[2] = heads[5] = right[0];
    heads[3] = heads[6] = right[1];
    putchar('\n');
    paper_begin(&p, 8, heads);
    json_array_foreach(rows, i, row) {
        bool same = json_is_true(json_object_get(row, "same"));
        enum paper_tone tone = same ? PAPER_PLAIN : PAPER_BAD;
        paper_cell(&p, tone, "%s", text_of(row, name));
        add_side(&p, row, "source", second, third, tone);
        add_side(&p, row, "destination", second, third, tone);
        paper_cell(&p, tone, "%s", same ? "" : "differs");
    }
    paper_end(&p, 0);
}

/* ---- documents ---- */

static void print_fields(const json_t *row)
{
    size_t i;
    const json_t *field;
    json_array_foreach(json_object_get(row, "fields"), i, field)
        visible_print(stdout, "      %s: %s, there %s\n", text_of(field, "field"),
                      text_of(field, "source"), text_of(field, "destination"));
}

static void print_document(const json_t *row)
{
    const char *reason = *text_of(row, "reason") ? text_of(row, "reason") : text_of(row, "why");
    const json_t *ids = json_object_get(row, "ids"), *id;
    size_t i;
    visible_print(stdout, "    %s", *text_of(row, "reference") ? text_of(row, "reference")
                                                             : text_of(row, "key"));
    if (*text_of(row, "day"))
        visible_print(stdout, "  %s", text_of(row, "day"));
    if (*text_of(row, "incl"))
        visible_print(stdout, "  %s", text_of(row, "incl"));
    if (*text_of(row, "state"))
        visible_print(stdout, "  %s%s%s (%s)", text_of(row, "state"), *reason ? ": " : "", reason,
                      text_of(row, "job"));
    else if (*reason)
        visible_print(stdout, "  %s", reason);
    if (*text_of(row, "source_day") || *text_of(row, "destination_day"))
        visible_print(stdout, "  dated %s, there %s", text_of(row, "source_day"),
                      text_of(row, "destination_day"));
    json_array_foreach(ids, i, id)
        visible_print(stdout, "%s%s", i ? " " : "  as ", json_string_value(id));
    if (*text_of(row, "id"))
        visible_print(stdout, "  as %s", text_of(row, "id"));
    if (*text_of(row, "text"))
        visible_print(stdout, "  %s: %s", text_of(row, "side"), text_of(row, "text"));
    putchar('\n');
    print_fields(row);
}

static void print_documents(const json_t *report, const char *list, const char *title)
{
    const json_t *rows = json_object_get(report, list), *row;
    long long count = number_of(json_object_get(report, "counts"), list);
    size_t i;
    if (count == 0)
        return;
    visible_print(stdout, "\n%s: %lld\n", title, count);
    json_array_foreach(rows, i, row) {
        if (i == SHOWN)
            break;
        print_document(row);
    }
    if (count > (long long)i)
        visible_print(stdout, "    and %lld more; --csv and --json have them\n",
                      count - (long long)i);
}

static void print_gaps(const json_t *gaps)
{
    const json_t *markers = json_object_get(gaps, "markers"), *row;
    size_t i;
    if (number_of(gaps, "number_count") > 0)
        visible_print(stdout, "\nnumbers that no document has: %lld\n",
                      number_of(gaps, "number_count"));
    json_array_foreach(json_object_get(gaps, "numbers"), i, row) {
        if (i == SHOWN)
            break;
        visible_print(stdout, "    %s%lld", text_of(row, "prefix"), number_of(row, "first"));
        if (number_of(row, "last") > number_of(row, "first"))
            visible_print(stdout, " to %s%lld", text_of(row, "prefix"), number_of(row, "last"));
        putchar('\n');
    }
    if (number_of(markers, "unseen") > 0)
        visible_print(stdout, "\nmarkers of the source: %lld to %lld, %lld of them passed over by "
                      "changes\n", number_of(markers, "first"), number_of(markers, "last"),
                      number_of(markers, "unseen"));
}

static void print_report(const json_t *report)
{
    static const char *const lists[][2] = {
        {"missing", "missing at the destination"},
        {"double", "several with one reference"},
        {"different", "different"},
        {"outside", "in the period at one side only"},
        {"unreadable", "cannot be read, or not be made a document of"},
        {"under_way", "on their way, no difference"},
        {"others", "at the destination, and none of the source's; no difference"}};
    const json_t *source = json_object_get(report, "source"),
                 *there = json_object_get(report, "destination"),
                 *counts = json_object_get(report, "counts");
    long long differences = number_of(report, "differences");
    visible_print(stdout, "flow %s, %s to %s: ", text_of(report, "flow"), text_of(report, "from"),
                  text_of(report, "to"));
    if (differences == 0)
        paper_print(PAPER_GOOD, "equal to the cent\n");
    else
        paper_print(PAPER_BAD, "%lld differences\n", differences);
    visible_print(stdout, "  %-12s %8lld documents, %s with VAT, %s without\n",
                  text_of(source, "connection"), number_of(source, "count"),
                  amount_of(source, "incl"), amount_of(source, "excl"));
    visible_print(stdout, "  %-12s %8lld documents, %s with VAT, %s without\n",
                  text_of(there, "connection"), number_of(there, "count"), amount_of(there, "incl"),
                  amount_of(there, "excl"));
    visible_print(stdout, "  left out by the flow: %lld, cancelled: %lld\n",
                  number_of(counts, "left_out"), number_of(counts, "cancelled"));
    print_figures(report, "days", "day", "day", "incl", "excl");
    print_figures(report, "vat", "VAT code", "code", "excl", "vat");
    print_figures(report, "accounts", "account", "code", "amount", NULL);
    print_figures(report, "payments", "payment", "code", "incl", NULL);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        print_documents(report, lists[i][0], lists[i][1]);
    print_gaps(json_object_get(report, "gaps"));
    if (!json_is_true(json_object_get(report, "listed")))
        visible_print(stdout, "\n%s gives no list of these: each document was looked for, and what "
                      "only stands there is not known\n", text_of(there, "connection"));
    if (number_of(counts, "missing") > 0)
        visible_print(stdout, "\ntake again what is missing: koppel reconcile %s --from %s --to %s "
                      "--queue\n", text_of(report, "flow"), text_of(report, "from"),
                      text_of(report, "to"));
}

/* ---- asking ---- */

/* Takes what is missing again. */
static int queue(const struct command_line *line, const json_t *report)
{
    struct command_again_bar bar;
    json_t *keys = json_array(), *out = NULL, *row, *in;
    size_t i;
    json_array_foreach(json_object_get(report, "missing"), i, row)
        (void)json_array_append(keys, json_object_get(row, "key"));
    if (json_array_size(keys) == 0) {
        json_decref(keys);
        return EXIT_OK;
    }
    in = json_pack("{s:s,s:o}", "flow", line->words[0], "keys", keys);
    if (in && line->wait_s >= 0)
        (void)json_object_set_new(in, "wait_ms", json_integer(line->wait_s * (json_int_t)1000));
    command_again_begin(&bar, line);
    int rc = command_ask(line, "reconcile.queue", in, command_again_progress, &bar, &out);
    command_again_end(&bar);
    if (!line->json && !line->csv)
        putchar('\n');
    rc = command_worse(rc, line->csv ? command_again_code(out) : command_again_print(line, out));
    json_decref(out);
    return rc;
}

static void print_csv(const json_t *report)
{
    char *text = reconciling_csv_text(report);
    if (text)
        fputs(text, stdout);
    else
        command_print_json(NULL); /* which tells that it could not be made */
    free(text);
}

static int print(const struct command_line *line, json_t *report)
{
    if (line->json)
        command_print_json(json_incref(report));
    else if (line->csv)
        print_csv(report);
    else
        print_report(report);
    fflush(stdout);
    return number_of(report, "differences") > 0 ? EXIT_PARKED : EXIT_OK;
}

/* ---- those that are kept ---- */

static void add_kept(struct paper *p, const json_t *row, const struct zone *zone)
{
    const json_t *source = json_object_get(row, "source"),
                 *there = json_object_get(row, "destination");
    char at[PAPER_TIME_BYTES];
    long long differences = number_of(row, "differences");
    paper_cell(p, PAPER_STRONG, "%lld", number_of(row, "number"));
    paper_cell(p, PAPER_FAINT, "%s", paper_time(history_rows_text(row, "at"), zone, at));
    paper_cell(p, PAPER_PLAIN, "%s", history_rows_text(row, "who"));
    paper_cell(p, PAPER_PLAIN, "%s to %s", text_of(row, "from"), text_of(row, "to"));
    paper_cell(p, PAPER_PLAIN, "%lld", number_of(source, "count"));
    paper_cell(p, PAPER_PLAIN, "%s", amount_of(source, "incl"));
    paper_cell(p, PAPER_PLAIN, "%lld", number_of(there, "count"));
    paper_cell(p, PAPER_PLAIN, "%s", amount_of(there, "incl"));
    paper_cell(p, differences > 0 ? PAPER_BAD : PAPER_GOOD, "%lld", differences);
}

static int list_kept(const struct command_line *line)
{
    static const char *const heads[] = {"NUMBER", "AT", "WHO", "PERIOD", ">SOURCE", ">INCL",
                                        ">DESTINATION", ">INCL", ">DIFFERENCES"};
    static const struct history_rows rows = {"reconcile.list", "results", heads,
                                             sizeof heads / sizeof *heads, add_kept,
                                             "nothing was compared; --from DAY compares now"};
    if (line->queue || line->csv || line->to || line->wait_s >= 0)
        return COMMAND_MISUSED;
    return history_rows_print(line, &rows,
                              json_pack("{s:o}", "flow", command_json_text(line->words[0])));
}

static int show_kept(const struct command_line *line)
{
    char *end;
    long long number = strtoll(line->id, &end, 10);
    json_t *out = NULL;
    if (*end || number <= 0 || line->queue || line->from || line->to)
        return COMMAND_MISUSED;
    int rc = command_ask(line, "reconcile.show", json_pack("{s:I}", "number", (json_int_t)number),
                         NULL, NULL, &out);
    if (out)
        rc = print(line, out);
    json_decref(out);
    return rc;
}

/* ---- */

int command_reconcile(const struct command_line *line)
{
    struct list_bar bar;
    json_t *out = NULL;
    if (line->csv && line->json)
        return COMMAND_MISUSED;
    if (line->id)
        return show_kept(line);
    if (!line->from)
        return list_kept(line);
    json_t *in = json_pack("{s:s,s:s,s:s*}", "flow", line->words[0], "from", line->from, "to",
                           line->to);
    list_bar_begin(&bar, line);
    int rc = command_ask(line, "reconcile", in, list_bar_progress, &bar, &out);
    list_bar_end(&bar);
    if (!out)
        return rc;
    rc = command_worse(rc, print(line, out));
    if (line->queue)
        rc = command_worse(rc, queue(line, out));
    json_decref(out);
    return rc;
}
