// SPDX-License-Identifier: MIT
// Seeds the till with articles, relations and orders. Equal options give an equal shop; the
// first orders carry, one each, the cases that are awkward to book.
#include "shop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const payment_codes[PAYMENTS] = {"CASH", "PIN", "IDEAL", "INVOICE", "CRYPTO"};

static const int vat_rates[VAT_CODES + 1] = {0, 2100, 900, 0};

// The order number of each special case; everything above is drawn at random.
enum special {
    ORDER_UNPAID = 3,
    ORDER_CANCELLED = 4,
    ORDER_NO_EMAIL = 6,
    ORDER_UNKNOWN_ARTICLE = 8,
    ORDER_CRYPTO = 10,
    ORDER_ZERO_LINE = 12,
    ORDER_ZERO_TOTAL = 14,
    ORDER_NEGATIVE = 16,
    ORDER_DEPOSIT = 18,
    ORDER_THIRDS = 20,
    ORDER_WEIGHED = 22,
    ORDER_DISCOUNT = 24,
    ORDER_RETURN = 26,
    ORDER_EXCLUSIVE = 28,
    ORDER_SHIFTED = 30,
    ORDER_CONSUMER_BE = 32,
    ORDER_SPECIALS = 34
};

uint64_t seed_next(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static int64_t below(struct shop *s, int64_t n)
{
    return (int64_t)(seed_next(&s->random) % (uint64_t)n);
}

// Halves go away from zero, as a till rounds both a sale and its return.
static int64_t divide(int64_t a, int64_t b)
{
    return a < 0 ? -((-a + b / 2) / b) : (a + b / 2) / b;
}

// ---- Articles ---------------------------------------------------------------------------

static int seed_articles(struct shop *s)
{
    static const char *const things[] = {"Koffie", "Crème brûlée", "Stroopwafel", "Jus d'orange",
                                         "Fish & chips", "Kaas <oud>", "Theeglas", "Boek \"Zee\""};
    s->article_count = (size_t)s->options.articles;
    s->articles = calloc(s->article_count, sizeof *s->articles);
    if (!s->articles)
        return -1;
    for (size_t i = 0; i < s->article_count; i++) {
        struct article *a = &s->articles[i];
        a->marker = FIRST_MARKER + (int64_t)i;
        a->vat_code = i % 17 == 16 ? 3 : i % 5 == 4 ? 2 : 1;
        a->price_incl = 95 + below(s, 9900);
        a->price_excl = divide(a->price_incl * 10000, 10000 + vat_rates[a->vat_code]);
        snprintf(a->name, sizeof a->name, "%s %zu", things[i % 8], i + 1);
    }
    return 0;
}

// ---- Relations --------------------------------------------------------------------------

int relation_field(const char *name)
{
    for (int i = 0; schema_relation[i].name; i++) {
        if (strcmp(schema_relation[i].name, name) == 0)
            return i;
    }
    return -1;
}

const char *relation_get(const struct relation *r, const char *name)
{
    int i = relation_field(name);
    return i >= 0 && r->value[i] ? r->value[i] : "";
}

struct relation *shop_relation(const struct shop *s, int64_t number)
{
    // Seeded relations lie at their number; only chosen numbers need the search.
    if (number > 0 && (uint64_t)number <= s->relation_count &&
        s->relations[number - 1].number == number)
        return &s->relations[number - 1];
    for (size_t i = 0; i < s->relation_count; i++) {
        if (s->relations[i].number == number)
            return &s->relations[i];
    }
    return NULL;
}

struct relation *shop_add_relation(struct shop *s, int64_t number)
{
    if (s->relation_count % 64 == 0) {
        struct relation *more =
            realloc(s->relations, (s->relation_count + 64) * sizeof *s->relations);
        if (!more)
            return NULL;
        s->relations = more;
    }
    if (number <= 0) {
        for (size_t i = 0; i < s->relation_count; i++) {
            if (s->relations[i].number > number)
                number = s->relations[i].number;
        }
        number++;
    }
    struct relation *r = &s->relations[s->relation_count++];
    *r = (struct relation){.number = number, .marker = ++s->relation_marker};
    return r;
}

static void set(struct relation *r, const char *name, const char *value)
{
    int i = relation_field(name);
    free(r->value[i]);
    r->value[i] = strdup(value);
}

char *shop_email(int n, char *out, size_t out_bytes)
{
    if (n == RELATION_NO_EMAIL)
        snprintf(out, out_bytes, "%s", "");
    else if (n == RELATION_SHARED_EMAIL)
        snprintf(out, out_bytes, "samen@voorbeeld.nl");
    else if (n == RELATION_SHARED_EMAIL + 1)
        snprintf(out, out_bytes, "Samen@Voorbeeld.nl");
    else if (n == RELATION_KNOWN_DEBTOR)
        snprintf(out, out_bytes, "jan@x.nl");
    else if (n == RELATION_AMBIGUOUS)
        snprintf(out, out_bytes, "dubbel@voorbeeld.example");
    else
        snprintf(out, out_bytes, "klant%d@voorbeeld.nl", n);
    return out;
}

static void dutch_vat(int n, char *out, size_t out_bytes)
{
    // The ninth digit proves the first eight; a remainder of ten has no digit.
    for (int base = 10000000 + n * 7;; base++) {
        int sum = 0, left = base;
        for (int weight = 2; weight <= 9; weight++, left /= 10)
            sum += left % 10 * weight;
        if (sum % 11 < 10) {
            snprintf(out, out_bytes, "NL%08d%dB01", base, sum % 11);
            return;
        }
    }
}

static void seed_place(struct relation *r, int n, bool belgian)
{
    static const char *const dutch[] = {"Utrecht", "'s-Hertogenbosch", "Den Haag", "Groningen"};
    static const char *const flemish[] = {"Antwerpen", "Liège", "Gent", "Leuven"};
    char text[80];

    snprintf(text, sizeof text, n % 9 == 4 ? "Burg. Söhnleinlaan %d-A bis" : "Dorpsstraat %d", n);
    set(r, "address", text);
    if (belgian)
        snprintf(text, sizeof text, "%d", 1000 + n % 9000);
    else
        snprintf(text, sizeof text, "%04d A%c", 1000 + n % 9000, 'A' + n % 26);
    set(r, "zipcode", text);
    set(r, "city", belgian ? flemish[n % 4] : dutch[n % 4]);
    set(r, "country", belgian ? "België" : "Nederland");
    snprintf(text, sizeof text, belgian ? "+32 470 %06d" : "+31 6 1%07d", n);
    set(r, "telephone", text);
}

static void seed_company(struct relation *r, int n, const char *person, bool belgian)
{
    static const char *const firms[] = {"Bakkerij De Korenaar", "Jansen & Zonen",
                                        "Café 't Hoekje", "Müller <Import>"};
    char text[100];

    snprintf(text, sizeof text, "%s %d %s", firms[n / 4 % 4], n, belgian ? "BV" : "B.V.");
    set(r, "name", text);
    set(r, "companyName", text);
    set(r, "contact", person);
    if (belgian) {
        int base = 40000000 / 10 + n * 13;
        snprintf(text, sizeof text, "BE0%07d%02d", base, 97 - base % 97);
        set(r, "defaultVatMethod", "VAT-METHOD-SHIFTED");
    } else {
        dutch_vat(n, text, sizeof text);
    }
    set(r, "vatNumber", text);
    snprintf(text, sizeof text, "%08d", 30000000 + n);
    set(r, "commerceNumber", text);
    set(r, "paymentWithinDays", "14");
}

static int seed_relations(struct shop *s)
{
    static const char *const people[] = {"Jan de Vries", "Zoë Brontë", "Seán O'Brien",
                                         "Łukasz Nowak", "Anna van 't Veer", "Tom & Els Smit",
                                         "René Hüsken"};
    for (int n = 1; n <= s->options.relations; n++) {
        struct relation *r = shop_add_relation(s, n);
        char text[80];
        if (!r)
            return -1;
        const char *person = people[n % 7];
        bool belgian = n % (SHIFTED_EVERY / 2) == 0;
        set(r, "active", "true");
        if (n % 4 == 0 && n != RELATION_SHARED_EMAIL + 1)
            seed_company(r, n, person, belgian);
        else
            set(r, "name", person);
        seed_place(r, n, belgian);
        if (n != RELATION_NO_EMAIL)
            set(r, "email", shop_email(n, text, sizeof text));
    }
    return 0;
}

// ---- Orders -----------------------------------------------------------------------------

void shop_order_id(const struct shop *s, size_t index, char id[ORDER_ID_BYTES])
{
    uint64_t state = s->options.seed * 1000003 + index;
    uint64_t a = seed_next(&state), b = seed_next(&state);
    snprintf(id, ORDER_ID_BYTES, "%016llx%08x%08x", (unsigned long long)a, (uint32_t)b,
             (uint32_t)index);
}

int64_t shop_order_by_id(const struct shop *s, const char *id)
{
    char own[ORDER_ID_BYTES];
    if (strlen(id) != ORDER_ID_BYTES - 1)
        return -1;
    size_t index = strtoul(id + 24, NULL, 16);
    if (index >= s->order_count)
        return -1;
    shop_order_id(s, index, own);
    return strcmp(own, id) == 0 ? (int64_t)index : -1;
}

int64_t shop_order_by_ext_id(const struct shop *s, const char *ext_id)
{
    char *end;
    if (strncmp(ext_id, "WEB-", 4) != 0 || ext_id[4] < '1' || ext_id[4] > '9')
        return -1;
    unsigned long n = strtoul(ext_id + 4, &end, 10);
    return !*end && n > 100000 && n - 100000 <= s->order_count ? (int64_t)(n - 100001) : -1;
}

bool order_expected(const struct order *o)
{
    return (o->paid || o->delivered) && !o->cancelled && !o->faulty;
}

const char *order_country(const struct order *o)
{
    return o->belgian ? "BE" : "NL";
}

int shop_touch(struct shop *s, size_t index)
{
    if (s->log_count == s->log_room) {
        size_t room = s->log_room ? s->log_room * 2 : 256;
        uint32_t *more = realloc(s->log, room * sizeof *more);
        if (!more)
            return -1;
        s->log = more;
        s->log_room = room;
    }
    s->log[s->log_count] = (uint32_t)index;
    s->orders[index].marker = FIRST_MARKER + (int64_t)s->log_count++;
    s->orders[index].changes++;
    return 0;
}

// A till counts each line in cents of the prices it shows, the VAT over their sum per code.
static void total_line(const struct order *o, struct line *l)
{
    int64_t power = 1;
    for (int i = 0; i < l->places; i++)
        power *= 10;
    if (o->method == METHOD_INCLUSIVE) {
        l->incl = divide(l->quantity * l->price, power);
        l->excl = divide(l->incl * 10000, 10000 + l->rate);
    } else {
        l->excl = divide(l->quantity * l->price_excl, power);
        l->incl = l->excl + divide(l->excl * l->rate, 10000);
    }
}

static void total_order(struct order *o)
{
    for (int i = 0; i < o->line_count; i++) {
        struct line *l = &o->lines[i];
        struct vat_group *g = &o->groups[l->vat_code - 1];
        total_line(o, l);
        g->code = l->vat_code;
        g->rate = l->rate;
        // For inclusive prices the sum is kept in excl until it is split below.
        g->excl += o->method == METHOD_INCLUSIVE ? l->incl : l->excl;
    }
    for (int i = 0; i < VAT_CODES; i++) {
        struct vat_group *g = &o->groups[i];
        if (o->method == METHOD_INCLUSIVE) {
            g->vat = divide(g->excl * g->rate, 10000 + g->rate);
            g->excl -= g->vat;
        } else {
            g->vat = divide(g->excl * g->rate, 10000);
        }
        o->excl += g->excl;
        o->incl += g->excl + g->vat;
    }
}

static struct line *add_line(struct shop *s, struct order *o, int64_t article, int64_t quantity)
{
    const struct article *a = &s->articles[article - 1];
    struct line *l = &o->lines[o->line_count++];

    *l = (struct line){.article = article, .quantity = quantity, .vat_code = a->vat_code};
    l->price = a->price_incl;
    l->price_excl = a->price_excl;
    if (o->method == METHOD_SHIFTED) {
        l->vat_code = 3;
        l->price = l->price_excl;
    }
    l->original = l->price;
    l->rate = vat_rates[l->vat_code];
    return l;
}

static void reprice(struct line *l, int64_t price_incl)
{
    l->price = l->original = price_incl;
    l->price_excl = divide(price_incl * 10000, 10000 + l->rate);
}

static void discount(struct line *l)
{
    l->price = divide(l->original * 9000, 10000);
    l->price_excl = divide(l->price * 10000, 10000 + l->rate);
}

// Articles any order may hold: neither the one the books lack nor their inactive one, and
// for a Belgian consumer only the rate that exists there.
static int64_t draw_article(struct shop *s, const struct order *o)
{
    for (;;) {
        int64_t n = 1 + below(s, (int64_t)s->article_count - 1);
        if (n == ARTICLE_INACTIVE)
            continue;
        if (!o->belgian || o->method == METHOD_SHIFTED || s->articles[n - 1].vat_code == 1)
            return n;
    }
}

static int64_t draw_relation(struct shop *s, bool dutch)
{
    for (;;) {
        int64_t n = 1 + below(s, s->options.relations);
        if (n != RELATION_NO_EMAIL && n != RELATION_AMBIGUOUS &&
            (!dutch || n % (SHIFTED_EVERY / 2) != 0))
            return n;
    }
}

static void ordinary_lines(struct shop *s, struct order *o)
{
    int n = 1 + (int)below(s, 4);
    for (int i = 0; i < n; i++) {
        struct line *l = add_line(s, o, draw_article(s, o), 1 + below(s, 3));
        int64_t odd = below(s, 20);
        if (odd == 0) {
            l->quantity = 100 + below(s, 2000);
            l->places = 3;
        } else if (odd == 1) {
            discount(l);
        } else if (odd == 2 && i > 0) {
            l->quantity = -1;
        }
    }
}

static void special_lines(struct shop *s, struct order *o, int special)
{
    struct line *l = add_line(s, o, draw_article(s, o), 1);

    switch (special) {
    case ORDER_UNKNOWN_ARTICLE:
        add_line(s, o, (int64_t)s->article_count, 1);
        break;
    case ORDER_ZERO_LINE:
        add_line(s, o, draw_article(s, o), 0);
        break;
    case ORDER_ZERO_TOTAL:
        add_line(s, o, l->article, -1);
        break;
    case ORDER_NEGATIVE:
        l->quantity = -2;
        break;
    case ORDER_DEPOSIT:
        l = add_line(s, o, draw_article(s, o), 6);
        l->text = "Statiegeld";
        l->vat_code = 3;
        l->rate = vat_rates[3];
        reprice(l, 25);
        break;
    case ORDER_THIRDS:
        for (int i = 0; i < 3; i++) {
            l = i ? add_line(s, o, 1, 1) : l;
            reprice(l, 33);
        }
        break;
    case ORDER_WEIGHED:
        l->quantity = 530;
        l->places = 3;
        break;
    case ORDER_DISCOUNT:
        discount(l);
        break;
    case ORDER_RETURN:
        l->quantity = 3;
        add_line(s, o, l->article, -1);
        break;
    default:
        break;
    }
}

static void date_order(struct shop *s, struct order *o, size_t index)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    size_t day = index * 300 / (size_t)s->options.orders;
    int month = 0;

    if (day > 320)
        day = 320;
    while (day >= (size_t)days[month])
        day -= (size_t)days[month++];
    o->month = (int16_t)(month + 1);
    o->day = (int16_t)(day + 1);
}

static int64_t special_relation(struct shop *s, int special)
{
    switch (special) {
    case 0:
        return draw_relation(s, false);
    case ORDER_NO_EMAIL:
        return RELATION_NO_EMAIL;
    case ORDER_SHIFTED:
        return SHIFTED_EVERY;
    case ORDER_CONSUMER_BE:
        return SHIFTED_EVERY / 2;
    case 1:
        return RELATION_KNOWN_DEBTOR;
    case 2:
        return RELATION_SHARED_EMAIL;
    case 5:
        return RELATION_SHARED_EMAIL + 1;
    default:
        return draw_relation(s, true);
    }
}

static int add_order(struct shop *s, int special, int64_t relation)
{
    struct line lines[8] = {0};
    struct order o = {.lines = lines, .paid = true};

    if (s->order_count == s->order_room) {
        size_t room = s->order_room ? s->order_room * 2 : 256;
        struct order *more = realloc(s->orders, room * sizeof *more);
        if (!more)
            return -1;
        s->orders = more;
        s->order_room = room;
    }
    o.relation = relation ? relation : special_relation(s, special);
    const struct relation *r = shop_relation(s, o.relation);
    o.belgian = r && strcmp(relation_get(r, "country"), "België") == 0;
    if (o.belgian && *relation_get(r, "vatNumber"))
        o.method = METHOD_SHIFTED;
    else if (special == ORDER_EXCLUSIVE || (!special && below(s, 10) == 0))
        o.method = METHOD_EXCLUSIVE;
    o.payment = (int8_t)(special == ORDER_CRYPTO ? PAY_CRYPTO : below(s, PAY_CRYPTO));
    o.paid = special != ORDER_UNPAID && special != ORDER_CANCELLED &&
             (special || below(s, 50) != 0);
    o.cancelled = special == ORDER_CANCELLED;
    o.delivered = o.paid && below(s, 2) == 0;
    o.faulty = special == ORDER_UNKNOWN_ARTICLE || special == ORDER_CRYPTO ||
               o.relation == RELATION_NO_EMAIL || o.relation == RELATION_AMBIGUOUS;
    if (special)
        special_lines(s, &o, special);
    else
        ordinary_lines(s, &o);
    date_order(s, &o, s->order_count);
    total_order(&o);
    o.lines = malloc((size_t)o.line_count * sizeof *lines);
    if (!o.lines)
        return -1;
    memcpy(o.lines, lines, (size_t)o.line_count * sizeof *lines);
    s->orders[s->order_count++] = o;
    return shop_touch(s, s->order_count - 1);
}

int shop_add_order(struct shop *s, int64_t relation)
{
    return add_order(s, 0, relation);
}

// ---- The whole --------------------------------------------------------------------------

struct shop *shop_new(const struct options *options)
{
    struct shop *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->options = *options;
    s->random = options->seed;
    s->relation_marker = FIRST_MARKER - 1;
    if (seed_articles(s) != 0 || seed_relations(s) != 0)
        goto fail;
    for (int n = 1; n <= options->orders; n++) {
        if (add_order(s, n < ORDER_SPECIALS ? n : 0, 0) != 0)
            goto fail;
    }
    return s;
fail:
    shop_free(s);
    return NULL;
}

void shop_free(struct shop *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->relation_count; i++) {
        for (int f = 0; f < RELATION_FIELDS; f++)
            free(s->relations[i].value[f]);
    }
    for (size_t i = 0; i < s->order_count; i++)
        free(s->orders[i].lines);
    free(s->relations);
    free(s->articles);
    free(s->orders);
    free(s->log);
    free(s);
}
