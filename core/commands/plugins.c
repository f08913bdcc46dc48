/* SPDX-License-Identifier: MIT
 * koppel plugins: what is installed; koppel plugins show NAME: what one can do. */
#include <stdio.h>
#include <string.h>

#include "commands/commands.h"

static const char *kind_name(const struct plugin *p)
{
    return p->entry.kind == KOPPEL_KIND_CONNECTOR ? "connector" : "transform";
}

static int list_all(struct plugins *plugins, bool json)
{
    int count = 0, rc = EXIT_OK;
    char **names = plugins_names(plugins, &count);
    for (int i = 0; i < count; i++) {
        struct koppel_error err = {0};
        const struct plugin *p = plugins_load(plugins, names[i], &err);
        if (!p) {
            fprintf(stderr, "koppel: %s\n", err.text);
            rc = EXIT_FAILED;
        } else if (json) {
            command_print_json(json_pack("{s:s,s:s,s:s,s:s}", "name", names[i], "kind", kind_name(p),
                                         "version", p->entry.version, "path", p->path));
        } else {
            printf("%-12s %-10s %-8s %s\n", names[i], kind_name(p), p->entry.version, p->catalogue->title);
        }
    }
    plugins_names_free(names, count);
    return rc;
}

static void show_fields(const struct cat_field *fields, int count, int depth)
{
    for (int i = 0; i < count; i++) {
        printf("%*s%s%s%s%s%s%s\n", 4 + 2 * depth, "", fields[i].name, fields[i].required ? " (required)" : "",
               fields[i].read_only ? " (read only)" : "",
               fields[i].guessed ? " (guessed name; an overlay can mend it: wire " : "",
               fields[i].guessed ? fields[i].wire : "", fields[i].guessed ? ")" : "");
        show_fields(fields[i].fields, fields[i].field_count, depth + 1);
    }
}

static void show_abilities(unsigned can)
{
    static const struct {
        unsigned bit;
        const char *name;
    } all[] = {{CAN_READ, "read"},     {CAN_FIND, "find"},     {CAN_CREATE, "create"},
               {CAN_UPDATE, "update"}, {CAN_REMOVE, "remove"}, {CAN_DRY_RUN, "dry-run"}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (can & all[i].bit)
            printf(" %s", all[i].name);
    }
}

static void show(const struct plugin *p)
{
    const struct catalogue *c = p->catalogue;
    printf("path=%s\nname=%s\nversion=%s\nkind=%s\nabi=%u.%u\nstruct_size=%u\nthreads=%u\n", p->path,
           p->entry.name, p->entry.version, kind_name(p), p->entry.abi_major, p->entry.abi_minor,
           p->entry.struct_size, p->entry.threads);
    for (int i = 0; i < c->setting_count; i++)
        printf("setting %s%s%s%s%s: %s\n", c->settings[i].name, c->settings[i].required ? " (required)" : "",
               c->settings[i].secret ? " (secret)" : "", c->settings[i].fallback ? " default " : "",
               c->settings[i].fallback ? c->settings[i].fallback : "",
               c->settings[i].help ? c->settings[i].help : "");
    for (int i = 0; i < c->entity_count; i++) {
        printf("entity %s:", c->entities[i].name);
        show_abilities(c->entities[i].can);
        putchar('\n');
        show_fields(c->entities[i].fields, c->entities[i].field_count, 0);
    }
    for (int i = 0; i < c->choice_count; i++)
        printf("choices %s\n", c->choices[i]);
    for (int i = 0; i < c->function_count; i++)
        printf("function %s: %s\n", c->functions[i].name, c->functions[i].help ? c->functions[i].help : "");
}

int command_plugins(const struct command_line *line)
{
    struct koppel_error err = {0};
    if (line->count == 1 || (line->count == 2 && strcmp(line->words[0], "show") != 0)) {
        fprintf(stderr, "usage: koppel plugins [show NAME]\n");
        return EXIT_USAGE;
    }
    struct plugins *plugins = command_plugins_new(&err);
    if (!plugins)
        return command_failed(&err);
    int rc = EXIT_OK;
    if (line->count == 0) {
        rc = list_all(plugins, line->json);
    } else {
        const struct plugin *p = plugins_load(plugins, line->words[1], &err);
        if (!p)
            rc = command_failed(&err);
        else if (line->json)
            command_print_json(json_incref(p->catalogue->json));
        else
            show(p);
    }
    plugins_free(plugins);
    return rc;
}
