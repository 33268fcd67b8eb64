#include "report/result_json.h"

#include <string.h>

#include "report/left.h"
#include "report/witness_json.h"

/* Names from files need not be UTF-8, or whole at their end; JSON takes nothing else. */
static json_t *text_to_json(const char *text)
{
	json_t *json = json_string(text);
	char copy[512];

	if (json)
		return json;
	snprintf(copy, sizeof(copy), "%s", text);
	for (char *at = copy; *at; at++) {
		if ((unsigned char)*at >= 0x80)
			*at = '?';
	}
	return json_string(copy);
}

static json_t *number_or_null(uint64_t value)
{
	return value >= UNKNOWN ? json_null() : json_integer((json_int_t)value);
}

static json_t *cgroup_to_json(const struct host_facts *facts)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < facts->cgroup_count; i++) {
		const struct cgroup_limit *limit = &facts->cgroup[i];

		json_array_append_new(list, json_pack("{s:i, s:o, s:s, s:o}", "version", limit->version, "path",
						      text_to_json(limit->path), "file", limit->file, "value",
						      number_or_null(limit->value)));
	}
	return list;
}

static json_t *topology_to_json(const struct topology *topology)
{
	return json_pack("{s:s, s:i, s:i}", "synthetic", topology->synthetic, "processing_units",
			 (int)topology->processing_units, "numa_nodes", (int)topology->numa_nodes);
}

static json_t *host_to_json(const struct run_facts *run)
{
	const struct host_facts *facts = &run->host.facts;

	return json_pack("{s:o, s:s, s:o, s:I, s:o, s:o, s:o, s:o}", "kernel", text_to_json(facts->kernel), "machine",
			 facts->machine, "distribution", text_to_json(facts->distribution), "page_bytes",
			 (json_int_t)facts->page_bytes, "cpus_present", number_or_null(facts->cpus_present),
			 "cgroup_limits", cgroup_to_json(facts), "topology", topology_to_json(&run->topology),
			 "numbers", machine_to_json(&run->host.snapshot.machine));
}

static json_t *parameters_to_json(const struct cell *cell)
{
	json_t *object = json_object();

	for (unsigned i = 0; i < cell->scenario->parameter_count; i++)
		json_object_set_new(object, cell->scenario->parameters[i].name, json_string(cell->values[i]));
	return object;
}

/* Numbers where a knob has one number, else as it is written. */
static json_t *settings_to_json(const struct configuration *configuration)
{
	json_t *object = json_object();
	char text[300];

	for (unsigned i = 0; i < configuration->count; i++) {
		const struct setting *setting = &configuration->settings[i];
		bool plain = setting->knob->kind != KNOB_CAPABILITIES && setting->knob->kind != KNOB_TEXT &&
			     !setting->relative && !setting->has_hard;

		json_object_set_new(object, setting->knob->name,
				    plain ? number_or_null(setting->value)
					  : json_string(setting_format(setting, text, sizeof(text))));
	}
	return object;
}

static json_t *band_to_json(uint64_t least, uint64_t most)
{
	if (least == most)
		return json_integer((json_int_t)least);
	return json_pack("{s:I, s:I}", "least", (json_int_t)least, "most", (json_int_t)most);
}

static json_t *accepted_to_json(const struct prediction *prediction)
{
	if (prediction->exact)
		return json_integer((json_int_t)prediction->central);
	return band_to_json(prediction->least, prediction->most);
}

static const char *unit_of(const struct cell *cell)
{
	return cell->scenario->is_size ? "pages" : "operations";
}

static json_t *prediction_to_json(const struct result *result)
{
	const struct prediction *prediction = &result->verdict.prediction;

	if (!result->verdict.predicted)
		return json_null();
	if (!prediction->refused)
		return json_pack("{s:o, s:s, s:n, s:n, s:n}", "accepted", accepted_to_json(prediction), "unit",
				 unit_of(result->cell), "call", "errno", "check");
	return json_pack("{s:o, s:o, s:s, s:s, s:s, s:s, s:s}", "accepted", accepted_to_json(prediction), "band",
			 prediction->least == prediction->most ? json_null()
							       : band_to_json(prediction->least, prediction->most),
			 "unit", unit_of(result->cell), "call", prediction->call, "errno", err_name(prediction->error),
			 "check", prediction->check->name, "text", prediction->comparison.text);
}

/* Of one that was to replace a mapping. */
static void add_left(json_t *json, const struct result *result)
{
	json_t *left = left_to_json(result);

	if (left)
		json_object_set_new(json, "left", left);
}

static json_t *refusal_to_json(const struct result *result)
{
	const struct refusal *refusal = &result->observation.refusal;
	char address[24];

	if (result->verdict.start_refused)
		return json_pack("{s:i, s:s, s:s, s:n, s:s}", "accepted", 0, "unit", unit_of(result->cell), "call",
				 "exec", "errno", "end", result->verdict.start_end);
	if (!result->observation.has_refusal)
		return json_null();
	snprintf(address, sizeof(address), "0x%llx", (unsigned long long)refusal->address);
	return json_pack("{s:I, s:s, s:s, s:s, s:s, s:I, s:s}", "accepted", (json_int_t)result->observation.accepted,
			 "unit", unit_of(result->cell), "call", refusal->call, "errno", err_name(refusal->kernel_errno),
			 "api_errno", err_name(refusal->api_errno), "pages", (json_int_t)refusal->pages, "address",
			 address);
}

static json_t *cause_to_json(const struct result *result)
{
	const struct verdict *verdict = &result->verdict;
	const struct place *place;

	if (!verdict->cause)
		return json_null();
	place = check_place(verdict->cause, kernel_version_parse(result->run->host.facts.kernel));
	return json_pack("{s:s, s:s, s:o, s:o, s:s, s:s, s:s}", "check", verdict->cause->name, "knob",
			 verdict->cause->knob, "value", number_or_null(verdict->comparison.value), "limit",
			 number_or_null(verdict->comparison.limit), "text", verdict->comparison.text, "function",
			 place->function, "file", place->file);
}

static json_t *pushes_to_json(const struct result *result)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < result->observation.push_count; i++) {
		const struct push *push = &result->specification.pushes[i];
		const struct push_result *made = &result->observation.pushes[i];
		const struct push_judgement *judged = &result->verdict.pushes[i];
		json_t *json = json_pack("{s:s, s:I, s:b}", "kind", push_kind_word(push->kind), "amount",
					 (json_int_t)push->amount, "made", made->error == 0);

		if (push->kind == PUSH_LIMIT)
			json_object_set_new(json, "resource", json_string(limit_word(push->resource)));
		if (push->kind == PUSH_KNOB)
			json_object_set_new(json, "knob", json_string(push->knob));
		if (made->error) {
			json_object_set_new(json, "error", json_string(err_name(made->error)));
		} else {
			json_object_set_new(json, "predicted_more",
					    band_to_json(judged->least_more, judged->most_more));
			json_object_set_new(json, "more", json_integer((json_int_t)made->more));
		}
		json_array_append_new(list, json);
	}
	return list;
}

static json_t *evidence_to_json(const struct verdict *verdict)
{
	return json_pack("{s:s, s:s, s:s}", "model", agreement_word(verdict->model), "push",
			 agreement_word(verdict->push), "witness", agreement_word(verdict->witness));
}

static json_t *timings_to_json(const struct result *result)
{
	return json_pack("{s:I, s:I, s:I}", "loop_ns", (json_int_t)result->observation.loop_ns, "agent_ns",
			 (json_int_t)result->observation.total_ns, "wall_ns", (json_int_t)result->wall_ns);
}

static void add_snapshots(json_t *json, const struct observation *observation)
{
	json_t *snapshots = json_object();

	if (observation->has_before)
		json_object_set_new(snapshots, "before", snapshot_to_json(&observation->before));
	if (observation->has_refusal)
		json_object_set_new(snapshots, "at_refusal", snapshot_to_json(&observation->standing));
	if (observation->has_after)
		json_object_set_new(snapshots, "after", machine_to_json(&observation->after));
	json_object_set_new(json, "snapshots", snapshots);
}

static void add_fix(json_t *json, const struct result *result)
{
	const struct observation *observation = &result->observation;

	if (!observation->fix_tried || !result->cell->scenario->fix_name)
		return;
	json_object_set_new(
		json, "fix",
		json_pack("{s:s, s:b, s:o}", "name", result->cell->scenario->fix_name, "works",
			  observation->fix_errno == 0, "errno",
			  observation->fix_errno ? json_string(err_name(observation->fix_errno)) : json_null()));
}

static json_t *guest_to_json(const struct result *result)
{
	const struct guest_shape *shape = &result->run->shape;

	return json_pack("{s:s, s:I, s:I, s:i, s:i, s:s, s:i}", "accelerator", result->run->accelerator, "memory_bytes",
			 (json_int_t)shape->memory_bytes, "swap_bytes", (json_int_t)shape->swap_bytes, "cpus",
			 (int)shape->cpus, "numa_nodes", (int)shape->numa_nodes, "cmdline", shape->cmdline, "boots",
			 (int)result->boots);
}

json_t *result_to_json(const struct result *result)
{
	const struct run_facts *run = result->run;
	const struct verdict *verdict = &result->verdict;
	char environment[ENVIRONMENT_LABEL_BYTES];
	json_t *json = json_pack("{s:i, s:s, s:s, s:o, s:s, s:s, s:s, s:i}", "schema", RESULT_SCHEMA, "tool",
				 "enomem " ENOMEM_VERSION, "scenario", result->cell->scenario->name, "parameters",
				 parameters_to_json(result->cell), "configuration", result->cell->configuration->name,
				 "environment", cell_environment(result->cell, environment, sizeof(environment)),
				 "kernel", run->host.facts.kernel, "repeat", (int)result->repeat);

	json_object_set_new(json, "settings", settings_to_json(result->cell->configuration));
	json_object_set_new(json, "prediction", prediction_to_json(result));
	json_object_set_new(json, "refusal", refusal_to_json(result));
	json_object_set_new(json, "cause", cause_to_json(result));
	json_object_set_new(json, "evidence", evidence_to_json(verdict));
	json_object_set_new(json, "witness", witness_result_to_json(result));
	json_object_set_new(json, "difference",
			    json_integer((json_int_t)verdict->difference * (verdict->difference_is_below ? -1 : 1)));
	json_object_set_new(json, "disturbance_pages", json_integer((json_int_t)verdict->disturbance_pages));
	json_object_set_new(json, "verdict", json_string(verdict_word(verdict->word)));
	json_object_set_new(json, "expected", json_boolean(verdict->expected));
	json_object_set_new(json, "reason", verdict->reason[0] ? json_string(verdict->reason) : json_null());
	add_left(json, result);
	add_fix(json, result);
	json_object_set_new(json, "pushes", pushes_to_json(result));
	json_object_set_new(json, "cpu",
			    result->observation.cpu < 0 ? json_null() : json_integer(result->observation.cpu));
	if (run->accelerator)
		json_object_set_new(json, "guest", guest_to_json(result));
	json_object_set_new(json, "isolation", isolation_to_json(&result->isolation));
	json_object_set_new(json, "timings", timings_to_json(result));
	add_snapshots(json, &result->observation);
	json_object_set_new(json, "host", host_to_json(run));
	return json;
}

bool result_was_synchronised(const json_t *result)
{
	const json_t *prediction = json_object_get(result, "prediction");

	if (!json_is_integer(json_object_get(prediction, "accepted")) ||
	    !json_is_integer(json_object_get(result, "cpu")))
		return false;
	return json_is_object(json_object_get(prediction, "band")) ||
	       !json_is_string(json_object_get(prediction, "call"));
}

json_t *result_at_most(const json_t *result)
{
	const json_t *prediction = json_object_get(result, "prediction");
	json_t *accepted = json_object_get(prediction, "accepted");

	return !json_is_string(json_object_get(prediction, "call")) && json_is_integer(accepted) ? accepted : NULL;
}
