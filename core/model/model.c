/* SPDX-License-Identifier: MIT
 * Core models from their JSON texts. On top of the form of a catalogue, "fields": "customer" takes
 * the fields of another model, and "like": "order" makes the rest an overlay on one. */
#include "model/model.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"
#include "base/json_text.h"
#include "base/log.h"
#include "catalogue/catalogue_overlay.h"
#include "catalogue/catalogue_parse.h"
#include "model/category_model.h"
#include "model/customer_model.h"
#include "model/ledger_model.h"
#include "model/order_model.h"
#include "model/product_model.h"
#include "model/quote_model.h"
#include "model/stock_model.h"

/* A model stands behind those that it takes fields from. */
static struct loaded {
    struct model model; /* first: name is set, the rest comes with the text */
    const char *text;
    struct catalogue *catalogue;
} models[] = {
    {.model.name = "customer", .text = customer_model},
    {.model.name = "category", .text = category_model},
    {.model.name = "order", .text = order_model},
    {.model.name = "quote", .text = quote_model},
    {.model.name = "product", .text = product_model},
    {.model.name = "stock", .text = stock_model},
    {.model.name = "ledger", .text = ledger_model},
    {.model = {.name = "record", .title = "Any record"}}, /* no text: no shape, no settings */
};

#define MODELS ((int)(sizeof models / sizeof models[0]))

static struct loaded *find(const char *name)
{
    for (int i = 0; i < MODELS; i++) {
        if (strcmp(models[i].model.name, name) == 0)
            return &models[i];
    }
    return NULL;
}

/* The texts are part of the program: a mistake in one is ours. */
static void broken(const char *name, const char *why)
{
    log_error(NULL, "core model %s: %s", name, why);
    abort();
}

static json_t *fields_of(const char *model, const char *wanted_by)
{
    const struct loaded *from = find(model);
    if (!from || !from->catalogue)
        broken(wanted_by, "takes the fields of a model that does not stand before it");
    json_t *entities = json_object_get(from->catalogue->json, "entities");
    return json_deep_copy(json_object_get(json_array_get(entities, 0), "fields"));
}

/* Puts the fields of other models where only their name stands. */
static void take_fields(json_t *node, const char *name)
{
    const char *from = json_string_value(json_object_get(node, "fields")), *key;
    json_t *child;
    size_t i;
    if (from && json_object_set_new(node, "fields", fields_of(from, name)) != 0)
        broken(name, "out of memory");
    json_object_foreach(node, key, child)
        take_fields(child, name); /* changes values below, no member of node */
    json_array_foreach(node, i, child)
        take_fields(child, name);
}

static void load(struct loaded *m)
{
    const char *name = m->model.name;
    struct koppel_error err = {0};
    json_t *json = json_read_text(m->text, NULL);
    if (!json)
        broken(name, "is no JSON");
    take_fields(json, name);
    const char *like = json_string_value(json_object_get(json, "like"));
    const struct loaded *base = like ? find(like) : NULL;
    if (like && (!base || !base->catalogue))
        broken(name, "is like a model that does not stand before it");
    json_object_del(json, "like");
    char *text = json_text(json, false, NULL);
    if (text)
        m->catalogue = base ? catalogue_overlay(base->catalogue, text, &err)
                            : catalogue_parse(text, &err);
    if (!m->catalogue)
        broken(name, err.text);
    m->model.title = m->catalogue->title;
    m->model.settings = m->catalogue->settings;
    m->model.count = m->catalogue->setting_count;
    m->model.settings_json = json_object_get(m->catalogue->json, "settings");
    m->model.record = catalogue_entity(m->catalogue, "record");
    free(text);
    json_decref(json);
}

static void load_all(void)
{
    for (int i = 0; i < MODELS; i++) {
        if (models[i].text)
            load(&models[i]);
    }
}

const struct model *model_at(int index)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load_all);
    return index >= 0 && index < MODELS ? &models[index].model : NULL;
}

const struct model *model_find(const char *name)
{
    if (name && strcmp(name, "article") == 0)
        name = "product";
    for (int i = 0; name && model_at(i); i++) {
        if (strcmp(model_at(i)->name, name) == 0)
            return model_at(i);
    }
    return NULL;
}
