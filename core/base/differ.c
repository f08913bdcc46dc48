/* SPDX-License-Identifier: MIT
 * The difference of two texts by lines: the shortest script of Myers (1986), and its hunks. */
#include "base/differ.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

#define CONTEXT 3
#define SCRIPT_MAX 1500 /* lines that differ; of texts that differ in more, all of them do */
#define TEXT_MAX (32 * 1024 * 1024)

struct lines {
    const char **at; /* one more than there are: the end */
    int count;
    bool *gone;      /* is not in the other text */
};

struct script {
    const struct lines *a, *b;
    int from, a_end, b_end; /* what is the same at both ends is left out */
    int *rows[SCRIPT_MAX + 1]; /* furthest a per diagonal, by the length of the script */
};

static bool same(const struct lines *a, int i, const struct lines *b, int k)
{
    size_t n = (size_t)(a->at[i + 1] - a->at[i]);
    return n == (size_t)(b->at[k + 1] - b->at[k]) && memcmp(a->at[i], b->at[k], n) == 0;
}

static bool split(struct lines *l, const char *text)
{
    int room = 2;
    for (const char *p = text; *p; p++)
        room += *p == '\n';
    l->at = calloc((size_t)room, sizeof *l->at);
    l->gone = calloc((size_t)room, sizeof *l->gone);
    if (!l->at || !l->gone)
        return false;
    const char *p = text;
    while (*p) {
        l->at[l->count++] = p;
        p += strcspn(p, "\n");
        p += *p == '\n';
    }
    l->at[l->count] = p;
    return true;
}

/* Where on diagonal k the script of length d stands: behind lines of a. */
static int step(struct script *s, int d, int k)
{
    const int *before = d ? s->rows[d - 1] + d - 1 : NULL;
    int x = d == 0 ? s->from
            : k == -d || (k != d && before[k - 1] < before[k + 1]) ? before[k + 1]
                                                                   : before[k - 1] + 1;
    while (x < s->a_end && x - k < s->b_end && same(s->a, x, s->b, x - k))
        x++;
    return x;
}

/* The length of the shortest script; -1: it is too long, or memory is out. */
static int search(struct script *s)
{
    for (int d = 0; d <= SCRIPT_MAX; d++) {
        s->rows[d] = malloc(sizeof **s->rows * (size_t)(2 * d + 1));
        if (!s->rows[d])
            return -1;
        for (int k = -d; k <= d; k += 2) {
            int x = step(s, d, k);
            s->rows[d][d + k] = x;
            if (k == s->a_end - s->b_end && x >= s->a_end)
                return d;
        }
    }
    return -1;
}

/* Marks what the script takes out and puts in, from its end. */
static void trace(struct script *s, int d)
{
    int x = s->a_end, k = s->a_end - s->b_end;
    for (; d > 0; d--) {
        const int *before = s->rows[d - 1] + d - 1;
        bool down = k == -d || (k != d && before[k - 1] < before[k + 1]);
        int last = down ? k + 1 : k - 1;
        x = before[last];
        if (down)
            s->b->gone[x - last] = true;
        else
            s->a->gone[x] = true;
        k = last;
    }
}

static void compare(struct lines *a, struct lines *b)
{
    struct script s = {.a = a, .b = b, .a_end = a->count, .b_end = b->count};
    while (s.from < a->count && s.from < b->count && same(a, s.from, b, s.from))
        s.from++;
    while (s.a_end > s.from && s.b_end > s.from && same(a, s.a_end - 1, b, s.b_end - 1)) {
        s.a_end--;
        s.b_end--;
    }
    int d = search(&s);
    for (int i = s.from; d < 0 && i < s.a_end; i++)
        a->gone[i] = true;
    for (int i = s.from; d < 0 && i < s.b_end; i++)
        b->gone[i] = true;
    if (d > 0)
        trace(&s, d);
    for (int i = 0; i <= SCRIPT_MAX; i++)
        free(s.rows[i]);
}

static void add_line(struct buf *out, char sign, const struct lines *l, int i)
{
    size_t n = (size_t)(l->at[i + 1] - l->at[i]);
    buf_add_char(out, sign);
    buf_add(out, l->at[i], n);
    if (n == 0 || l->at[i][n - 1] != '\n')
        buf_add_text(out, "\n\\ No newline at end of file\n");
}

/* The next lines of both that differ, at or behind i and k, which belong together; false: none. */
static bool next_change(const struct lines *a, const struct lines *b, int *i, int *k)
{
    while (*i < a->count && *k < b->count && !a->gone[*i] && !b->gone[*k]) {
        ++*i;
        ++*k;
    }
    return *i < a->count || *k < b->count;
}

/* One hunk from i and k on, where the first change is; both are moved behind it. */
static void add_hunk(struct buf *out, const struct lines *a, const struct lines *b, int *i, int *k)
{
    int lead = *i < CONTEXT ? *i : CONTEXT;
    lead = *k < lead ? *k : lead;
    int from_a = *i - lead, from_b = *k - lead, end_a = *i, end_b = *k, x = *i, y = *k;
    while (next_change(a, b, &x, &y) && x - end_a <= 2 * CONTEXT) {
        while (x < a->count && a->gone[x])
            x++;
        while (y < b->count && b->gone[y])
            y++;
        end_a = x;
        end_b = y;
    }
    int tail = a->count - end_a < CONTEXT ? a->count - end_a : CONTEXT;
    buf_printf(out, "@@ -%d,%d +%d,%d @@\n", from_a + (end_a + tail > from_a),
               end_a + tail - from_a, from_b + (end_b + tail > from_b), end_b + tail - from_b);
    for (x = from_a, y = from_b; x < end_a + tail || y < end_b + tail;) {
        if (x < end_a + tail && a->gone[x])
            add_line(out, '-', a, x++);
        else if (y < end_b + tail && b->gone[y])
            add_line(out, '+', b, y++);
        else {
            add_line(out, ' ', a, x++);
            y++;
        }
    }
    *i = end_a;
    *k = end_b;
}

char *differ_unified(const char *old, const char *new, const char *name)
{
    struct lines a = {0}, b = {0};
    struct buf out;
    int i = 0, k = 0;
    char *text = NULL;
    buf_init(&out, TEXT_MAX);
    if (split(&a, old ? old : "") && split(&b, new ? new : "")) {
        compare(&a, &b);
        bool differ = !old != !new;
        for (int n = 0; n < a.count; n++)
            differ = differ || a.gone[n];
        for (int n = 0; n < b.count; n++)
            differ = differ || b.gone[n];
        if (differ)
            buf_printf(&out, "--- %s%s\n+++ %s%s\n", old ? "a/" : "/dev/null", old ? name : "",
                       new ? "b/" : "/dev/null", new ? name : "");
        while (next_change(&a, &b, &i, &k))
            add_hunk(&out, &a, &b, &i, &k);
        text = buf_take(&out);
    }
    buf_done(&out);
    free(a.at);
    free(a.gone);
    free(b.at);
    free(b.gone);
    return text;
}
