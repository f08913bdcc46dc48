// SPDX-License-Identifier: MIT
// koppel-sandbox: a till and its books in one process, for tests, benchmarks and writers of
// connectors. Prints where it listens as one line of JSON and serves until it is told to stop.
#include "server.h"
#include "server_tls.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum option_id { OPT_ORDERS = 256, OPT_RELATIONS, OPT_ARTICLES, OPT_SEED, OPT_FAULTS,
                 OPT_LATENCY, OPT_MPLUS_PORT, OPT_ASPERION_PORT, OPT_TLS, OPT_CATALOGUE,
                 OPT_DEBTORS, OPT_SALES_ORDERS, OPT_AWKWARD, OPT_INVOICES, OPT_RECEIPTS,
                 OPT_PROPOSALS };

static const struct option long_options[] = {
    {"orders", required_argument, NULL, OPT_ORDERS},
    {"relations", required_argument, NULL, OPT_RELATIONS},
    {"articles", required_argument, NULL, OPT_ARTICLES},
    {"catalogue", required_argument, NULL, OPT_CATALOGUE},
    {"debtors", required_argument, NULL, OPT_DEBTORS},
    {"sales-orders", required_argument, NULL, OPT_SALES_ORDERS},
    {"invoices", required_argument, NULL, OPT_INVOICES},
    {"receipts", required_argument, NULL, OPT_RECEIPTS},
    {"proposals", required_argument, NULL, OPT_PROPOSALS},
    {"awkward", no_argument, NULL, OPT_AWKWARD},
    {"seed", required_argument, NULL, OPT_SEED},
    {"faults", required_argument, NULL, OPT_FAULTS},
    {"latency-ms", required_argument, NULL, OPT_LATENCY},
    {"mplus-port", required_argument, NULL, OPT_MPLUS_PORT},
    {"asperion-port", required_argument, NULL, OPT_ASPERION_PORT},
    {"tls", optional_argument, NULL, OPT_TLS},
    {"help", no_argument, NULL, 'h'},
    {0},
};

static const char usage[] =
    "usage: koppel-sandbox [--orders N] [--relations N] [--articles N] [--invoices N]\n"
    "                      [--receipts N] [--proposals N] [--awkward] [--seed N]\n"
    "                      [--catalogue N] [--debtors N] [--sales-orders N]\n"
    "                      [--faults SCRIPT] [--latency-ms N] [--mplus-port P]\n"
    "                      [--asperion-port P] [--tls [CERTFILE,KEYFILE]]\n"
    "--catalogue, --debtors, --sales-orders: so many of the books' own, see tests/sandbox/README\n"
    "SCRIPT: comma list of NAME[xN][@MATCH], for the till with m: in front; NAME is ok, hang,\n"
    "truncate, drop-answer, garbage, huge or an HTTP status from 400 on\n";

static bool number(const char *text, int low, int high, int *out)
{
    char *end;
    long value = strtol(text, &end, 10);
    if (end == text || *end || value < low || value > high) {
        fprintf(stderr, "koppel-sandbox: '%s' is not a number from %d to %d\n", text, low, high);
        return false;
    }
    *out = (int)value;
    return true;
}

static bool take_option(struct options *o, int id, char *text)
{
    char *comma, *end;

    switch (id) {
    case OPT_ORDERS:
        return number(text, 0, 10000000, &o->orders);
    case OPT_RELATIONS:
        return number(text, 12, 1000000, &o->relations);
    case OPT_ARTICLES:
        return number(text, 5, 1000000, &o->articles);
    case OPT_CATALOGUE:
        return number(text, 0, 1000000, &o->catalogue);
    case OPT_DEBTORS:
        return number(text, 0, 1000000, &o->debtors);
    case OPT_SALES_ORDERS:
        return number(text, 0, 1000000, &o->sales_orders);
    case OPT_INVOICES:
        return number(text, 0, 10000000, &o->invoices);
    case OPT_RECEIPTS:
        return number(text, 0, 10000000, &o->receipts);
    case OPT_PROPOSALS:
        return number(text, 0, 10000000, &o->proposals);
    case OPT_AWKWARD:
        o->awkward = true;
        return true;
    case OPT_SEED:
        o->seed = strtoull(text, &end, 10);
        return end != text && !*end;
    case OPT_FAULTS:
        o->faults = text;
        return true;
    case OPT_LATENCY:
        return number(text, 0, 600000, &o->latency_ms);
    case OPT_MPLUS_PORT:
        return number(text, 0, 65535, &o->mplus_port);
    case OPT_ASPERION_PORT:
        return number(text, 0, 65535, &o->asperion_port);
    case OPT_TLS:
        o->tls = true;
        if (!text)
            return true;
        comma = strchr(text, ',');
        if (!comma)
            return false;
        *comma = '\0';
        o->tls_cert_file = text;
        o->tls_key_file = comma + 1;
        return true;
    default:
        return false;
    }
}

// The till's part of the script is marked entry by entry.
static bool split_faults(const char *script, struct server *till, struct server *books)
{
    while (script && *script) {
        size_t bytes = strcspn(script, ",");
        const char *start = script + strspn(script, " ");
        bool for_till = strncmp(start, "m:", 2) == 0 && start < script + bytes;
        const char *from = for_till ? start + 2 : script;
        char *one = strndup(from, (size_t)(script + bytes - from));
        bool good = one && server_faults(for_till ? till : books, one);
        free(one);
        if (!good)
            return false;
        script += bytes + (script[bytes] == ',');
    }
    return true;
}

static int till_handle(void *state, const struct request *req, struct reply *reply)
{
    return mplus_handle(state, req, reply);
}

static int books_handle(void *state, const struct request *req, struct reply *reply)
{
    return asperion_handle(state, req, reply);
}

static void announce(const struct options *o, const struct server *till,
                     const struct server *books)
{
    const char *scheme = o->tls ? "https" : "http";
    json_t *m = json_sprintf("%s://127.0.0.1:%d", scheme, server_port(till));
    json_t *a = json_sprintf("%s://127.0.0.1:%d", scheme, server_port(books));
    json_t *line = json_pack("{s{so,ss,ss},s{so,sO,ss,ss,ss}}", "mpluskassa", "url", m, "ident",
                             "demo", "secret", "demo-secret-m", "asperion", "url", a,
                             "identity_url", a, "client_id", "demo-client", "client_secret",
                             "demo-secret-a", "tenant", "1042");
    if (o->tls)
        json_object_set_new(line, "ca", json_string(o->tls_cert_file));
    json_dumpf(line, stdout, JSON_COMPACT);
    printf("\n");
    fflush(stdout);
    json_decref(line);
}

// -1 to go on, else the program's exit code.
static int take_options(int argc, char **argv, struct options *o)
{
    int id;

    while ((id = getopt_long(argc, argv, "h", long_options, NULL)) != -1) {
        if (id == 'h') {
            fputs(usage, stdout);
            return 0;
        }
        // The files may stand in an argument of their own, as they did before they could be
        // left out.
        if (id == OPT_TLS && !optarg && argv[optind] && strchr(argv[optind], ','))
            optarg = argv[optind++];
        if (!take_option(o, id, optarg)) {
            fputs(usage, stderr);
            return 2;
        }
    }
    if (o->awkward && o->articles < 12) {
        fprintf(stderr, "koppel-sandbox: --awkward needs at least 12 articles\n");
        return 2;
    }
    return -1;
}

int main(int argc, char **argv)
{
    struct options o = {.orders = 250, .relations = 120, .articles = 80, .invoices = 30,
                        .receipts = 60, .proposals = 12, .seed = 1};
    struct tls_files tls = {0};
    struct server *till = NULL, *books_server = NULL;
    struct shop *shop = NULL;
    struct books *books = NULL;
    sigset_t ends;
    int got, rc = take_options(argc, argv, &o);

    if (rc >= 0)
        return rc;
    rc = 1;
    // Blocked before any thread starts, so that only sigwait below sees them.
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ends, NULL);
    signal(SIGPIPE, SIG_IGN);

    if (o.tls && !o.tls_cert_file) {
        if (!tls_make(&tls))
            return 1;
        o.tls_cert_file = tls.cert;
        o.tls_key_file = tls.key;
    }
    shop = shop_new(&o);
    books = books_new(&o);
    if (!shop || !books) {
        fprintf(stderr, "koppel-sandbox: out of memory\n");
        goto out;
    }
    till = server_start(&o, &(struct service){.handle = till_handle, .writes = mplus_writes,
                                                  .problem = mplus_problem, .state = shop,
                                                  .port = o.mplus_port});
    books_server = server_start(&o, &(struct service){.handle = books_handle,
                                                          .writes = asperion_writes,
                                                          .problem = asperion_problem,
                                                          .state = books, .port = o.asperion_port,
                                                          .other = till});
    if (!till || !books_server)
        goto out;
    if (!split_faults(o.faults, till, books_server)) {
        fprintf(stderr, "koppel-sandbox: cannot read the fault script\n");
        goto out;
    }
    announce(&o, till, books_server);
    sigwait(&ends, &got);
    rc = 0;
out:
    // The books' port reads the till's state too, so it goes first.
    server_stop(books_server);
    server_stop(till);
    books_free(books);
    shop_free(shop);
    tls_remove(&tls);
    return rc;
}
