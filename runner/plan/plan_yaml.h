/* What reading a plan needs of libyaml: a checked document, its nodes, and errors that say where. */
#ifndef ENOMEM_PLAN_PLAN_YAML_H
#define ENOMEM_PLAN_PLAN_YAML_H

#include <stdbool.h>
#include <yaml.h>

#include "support/err.h"

struct plan_yaml {
	const char *name; /* of the file, for errors */
	yaml_document_t document;
};

/*
 * Load a text of one document. Anchors and aliases, deep nesting and very many nodes are refused before
 * anything is built of them. -EINVAL with file and line. Release with yaml_document_delete().
 */
int plan_yaml_load(const char *text, size_t length, const char *name, struct plan_yaml *ret, struct err *err);

/*
 * Put file, line and field before the reason that `err` has: "cannot read plan.yaml: line 7:
 * configurations.strict: ...". The advice stays. Returns -err->code.
 */
int plan_yaml_at(const struct plan_yaml *yaml, const yaml_node_t *node, const char *field, struct err *err);

/* NULL when the node is no scalar. An empty plain one, and ~ or null, is "". */
const char *plan_yaml_scalar(const yaml_node_t *node);

/* Whether it is left out: null, or written with nothing behind the colon. */
bool plan_yaml_is_null(const yaml_node_t *node);

/* Takes one pair of a mapping; `field` names it from the top. */
typedef int plan_yaml_pair(struct plan_yaml *yaml, const char *key, yaml_node_t *value, const char *field,
			   void *context, struct err *err);

/* Hand out the pairs of a mapping. -EINVAL when it is none, or a key is no scalar or stands in it twice. */
int plan_yaml_each_pair(struct plan_yaml *yaml, const yaml_node_t *mapping, const char *field, plan_yaml_pair *take,
			void *context, struct err *err);

/* Takes one item of a list. */
typedef int plan_yaml_item(struct plan_yaml *yaml, yaml_node_t *item, const char *field, void *context,
			   struct err *err);

/* Hand out the items of a list, or a single scalar. -EINVAL when it is neither, or empty. */
int plan_yaml_each_item(struct plan_yaml *yaml, yaml_node_t *list, const char *field, plan_yaml_item *take,
			void *context, struct err *err);

#endif
