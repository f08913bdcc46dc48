// SPDX-License-Identifier: MIT
// Reads the till's interface (data/interface.txt) and checks requests against it.
#include "schema.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data.h"

#define FILE_NAME "interface.txt"
#define MAX_ENTRIES 600 // of a section

static const struct type plain[] = {
    {.name = "str", .kind = KIND_STRING},    {.name = "long", .kind = KIND_LONG},
    {.name = "int", .kind = KIND_INT},       {.name = "short", .kind = KIND_SHORT},
    {.name = "uint", .kind = KIND_UNSIGNED}, {.name = "dec", .kind = KIND_DECIMAL},
    {.name = "bool", .kind = KIND_BOOLEAN},  {.name = "date", .kind = KIND_DATE},
    {.name = "dateTime", .kind = KIND_TIME}, {.name = "base64", .kind = KIND_BASE64},
};

// ---- Reading the tables -----------------------------------------------------------------

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct type *)a)->name, ((const struct type *)b)->name);
}

const struct type *schema_type(const struct schema *s, const char *name)
{
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        if (strcmp(plain[i].name, name) == 0)
            return &plain[i];
    }
    const struct type *t =
        bsearch(&(struct type){.name = name}, s->types, s->type_count, sizeof *s->types, by_name);
    if (!t) {
        fprintf(stderr, "koppel-sandbox: the schema has no type %s\n", name);
        abort();
    }
    return t;
}

const struct field *schema_fields(const struct schema *s, const char *type)
{
    return schema_type(s, type)->fields;
}

int schema_position(const struct field *fields, const char *name)
{
    for (int i = 0; fields[i].name; i++) {
        if (strcmp(fields[i].name, name) == 0)
            return i;
    }
    return -1;
}

static size_t count_words(const char *text)
{
    size_t n = 1;
    for (; *text; text++)
        n += *text == ' ';
    return n;
}

// The next word of the text, which is cut there; NULL at its end.
static char *word(char **text)
{
    char *w = *text;
    if (!w || !*w)
        return NULL;
    *text = strchr(w, ' ');
    if (*text)
        *(*text)++ = '\0';
    return w;
}

static bool read_field(const struct schema *s, char *text, struct field *f)
{
    char *type = strchr(text, ':');
    if (!type)
        return false;
    *type++ = '\0';
    char *mark = text + strcspn(text, "?*+");
    f->required = *mark == '\0' || *mark == '+';
    f->repeated = *mark == '*' || *mark == '+';
    *mark = '\0';
    f->name = text;
    f->type = schema_type(s, type);
    return true;
}

static struct field *read_fields(const struct schema *s, char *text)
{
    struct field *fields = calloc(count_words(text ? text : "") + 1, sizeof *fields);
    size_t n = 0;
    char *w;

    while (fields && (w = word(&text))) {
        if (!read_field(s, w, &fields[n++])) {
            fprintf(stderr, "koppel-sandbox: the schema has a member '%s'\n", w);
            abort();
        }
    }
    return fields;
}

// Types and operations as the file has them, one text each, in three sections.
struct entries {
    char *list[MAX_ENTRIES];
    size_t count;
};

enum section { TYPES, ENUMERATIONS, OPERATIONS, SECTIONS, NO_SECTION };

static enum section section_named(const char *line)
{
    static const char *const names[SECTIONS] = {"[types]", "[enumerations]", "[operations]"};
    int i = 0;
    while (i < SECTIONS && strcmp(line, names[i]) != 0)
        i++;
    return i < SECTIONS ? (enum section)i : NO_SECTION;
}

static void wrong_line(const char *line)
{
    fprintf(stderr, "koppel-sandbox: " FILE_NAME " has a line '%.80s'\n", line);
    abort();
}

// Cuts the file into entries: a line that begins with blanks goes on with the one before it, which
// is moved up to it. Comments and empty lines end an entry.
static void cut_entries(char *text, struct entries *sections)
{
    enum section at = NO_SECTION;
    char *end = NULL; // of the entry that a further line would continue
    for (char *line = text, *next; line; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        size_t bytes = strlen(line);
        if (bytes == 0 || *line == '#') {
            end = NULL;
        } else if (*line == '[') {
            at = section_named(line);
            end = NULL;
        } else if (at == NO_SECTION || (*line == ' ' && !end) ||
                   sections[at].count == MAX_ENTRIES) {
            wrong_line(line);
        } else if (*line == ' ') {
            size_t blanks = strspn(line, " ") - 1;
            memmove(end, line + blanks, bytes - blanks + 1);
            end += bytes - blanks;
        } else {
            sections[at].list[sections[at].count++] = line;
            end = line + bytes;
        }
    }
}

static int read_enumeration(struct schema *s, struct type *t, char *rest)
{
    char *w;
    size_t n = 0;

    t->kind = KIND_ENUM;
    t->values = calloc(count_words(rest), sizeof *t->values);
    if (!t->values)
        return -1;
    t->name = word(&rest);
    const char *prefix = word(&rest);
    if (!prefix || strcmp(prefix, "-") == 0)
        prefix = "";
    while ((w = word(&rest))) {
        char *value;
        if (asprintf(&value, "%s%s", prefix, w) < 0)
            return -1;
        s->texts[s->text_count++] = value;
        t->values[n++] = value;
    }
    return 0;
}

// First all names, so that members can point to any type.
static int read_types(struct schema *s, const struct entries *sections)
{
    for (size_t i = 0; i < sections[TYPES].count; i++) {
        char *rest = sections[TYPES].list[i];
        const char *name = word(&rest);
        s->types[s->type_count++] = (struct type){.name = name, .kind = KIND_TYPE, .rest = rest};
    }
    for (size_t i = 0; i < sections[ENUMERATIONS].count; i++) {
        if (read_enumeration(s, &s->types[s->type_count++], sections[ENUMERATIONS].list[i]) != 0)
            return -1;
    }
    qsort(s->types, s->type_count, sizeof *s->types, by_name);
    for (size_t i = 0; i < s->type_count; i++) {
        struct type *t = &s->types[i];
        if (t->kind != KIND_TYPE)
            continue;
        t->fields = read_fields(s, t->rest);
        if (!t->fields)
            return -1;
    }
    return 0;
}

static int operation_by_name(const void *a, const void *b)
{
    return strcmp(((const struct operation *)a)->name, ((const struct operation *)b)->name);
}

static int read_operations(struct schema *s, const struct entries *from)
{
    for (size_t i = 0; i < from->count; i++) {
        struct operation *o = &s->operations[s->operation_count++];
        char *rest = from->list[i];
        o->name = word(&rest);
        o->answer = schema_type(s, word(&rest));
        o->in = read_fields(s, rest);
        if (!o->in)
            return -1;
    }
    qsort(s->operations, s->operation_count, sizeof *s->operations, operation_by_name);
    return 0;
}

struct schema *schema_new(void)
{
    struct schema *s = calloc(1, sizeof *s);
    struct entries *sections = calloc(SECTIONS, sizeof *sections);
    size_t values = 0;

    if (s && sections) {
        s->file = data_text(FILE_NAME);
        cut_entries(s->file, sections);
        for (size_t i = 0; i < sections[ENUMERATIONS].count; i++)
            values += count_words(sections[ENUMERATIONS].list[i]);
        s->types = calloc(sections[TYPES].count + sections[ENUMERATIONS].count, sizeof *s->types);
        s->operations = calloc(sections[OPERATIONS].count, sizeof *s->operations);
        s->texts = calloc(values, sizeof *s->texts);
    }
    if (!s || !sections || !s->types || !s->operations || !s->texts ||
        read_types(s, sections) != 0 || read_operations(s, &sections[OPERATIONS]) != 0) {
        schema_free(s);
        s = NULL;
    }
    free(sections);
    return s;
}

void schema_free(struct schema *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->type_count; i++) {
        free(s->types[i].fields);
        if (s->types[i].kind == KIND_ENUM)
            free(s->types[i].values);
    }
    for (size_t i = 0; i < s->operation_count; i++)
        free(s->operations[i].in);
    for (size_t i = 0; i < s->text_count; i++)
        free(s->texts[i]);
    free(s->types);
    free(s->operations);
    free(s->texts);
    free(s->file);
    free(s);
}

const struct operation *schema_operation(const struct schema *s, const char *name)
{
    return bsearch(&(struct operation){.name = name}, s->operations, s->operation_count,
                   sizeof *s->operations, operation_by_name);
}

// ---- Checking ---------------------------------------------------------------------------

static bool whole_number(const char *text, int64_t low, int64_t high)
{
    char *end;
    if (!*text || strspn(text, "+-0123456789") != strlen(text))
        return false;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    return errno == 0 && !*end && value >= low && value <= high;
}

static bool decimal_number(const char *text)
{
    if (*text == '-' || *text == '+')
        text++;
    size_t whole = strspn(text, "0123456789");
    text += whole;
    if (*text == '.') {
        size_t part = strspn(text + 1, "0123456789");
        whole += part;
        text += 1 + part;
    }
    return whole > 0 && !*text;
}

static bool one_of(const char *text, const char *const *values)
{
    for (; *values; values++) {
        if (strcmp(text, *values) == 0)
            return true;
    }
    return false;
}

// YYYY-MM-DD, and for a time what follows the T, taken as it comes.
static bool calendar(const char *text, bool time)
{
    int digits[] = {4, 2, 2};
    for (int i = 0; i < 3; i++) {
        if ((int)strspn(text, "0123456789") != digits[i])
            return false;
        text += digits[i];
        if (i < 2 && *text++ != '-')
            return false;
    }
    return time ? *text == 'T' && strspn(text, "T0123456789:.+-Z") == strlen(text) : !*text;
}

static bool value_good(const char *text, const struct type *t)
{
    static const char *const truths[] = {"true", "false", "1", "0", NULL};

    switch (t->kind) {
    case KIND_LONG:
        return whole_number(text, INT64_MIN, INT64_MAX);
    case KIND_INT:
        return whole_number(text, INT32_MIN, INT32_MAX);
    case KIND_SHORT:
        return whole_number(text, INT16_MIN, INT16_MAX);
    case KIND_UNSIGNED:
        return whole_number(text, 0, UINT32_MAX);
    case KIND_DECIMAL:
        return decimal_number(text);
    case KIND_BOOLEAN:
        return one_of(text, truths);
    case KIND_DATE:
    case KIND_TIME:
        return calendar(text, t->kind == KIND_TIME);
    case KIND_ENUM:
        return one_of(text, t->values);
    default:
        return true;
    }
}

static bool check_value(const struct node *n, const struct field *f, char *why)
{
    if (f->type->kind == KIND_TYPE)
        return schema_check(n, f->type->fields, why);
    if (n->first) {
        snprintf(why, SOAP_FAULT_BYTES, "Validation constraint violation: element '%s' has a child",
                 n->name);
        return false;
    }
    if (value_good(n->text, f->type))
        return true;
    snprintf(why, SOAP_FAULT_BYTES,
             "Validation constraint violation: data type mismatch in element '%s' (%s): '%.60s'",
             n->name, f->type->name, n->text);
    return false;
}

static bool missing(const struct field *f, const struct node *in, char *why)
{
    snprintf(why, SOAP_FAULT_BYTES,
             "Validation constraint violation: occurrence violation in element '%s': '%s' missing",
             in->name, f->name);
    return false;
}

bool schema_check(const struct node *n, const struct field *fields, char *why)
{
    const struct field *f = fields;
    bool seen = false; // whether the present field has had an element already

    for (const struct node *c = n->first; c; c = c->next) {
        const struct field *at = f;
        while (at->name && strcmp(at->name, c->name) != 0)
            at++;
        // Unknown, out of order, or once too often.
        if (!at->name || (at == f && seen && !f->repeated)) {
            snprintf(why, SOAP_FAULT_BYTES,
                     "Validation constraint violation: tag name or namespace mismatch in element "
                     "'%.150s' inside '%.150s'",
                     c->name, n->name);
            return false;
        }
        for (; f < at; f++, seen = false) {
            if (f->required && !seen)
                return missing(f, n, why);
        }
        seen = true;
        if (!check_value(c, f, why))
            return false;
    }
    for (; f->name; f++, seen = false) {
        if (f->required && !seen)
            return missing(f, n, why);
    }
    return true;
}
