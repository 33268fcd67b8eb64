#include "report/lesson.h"

#include <string.h>

#include "report/left.h"
#include "report/text.h"
#include "report/wrap.h"

static void print_check(FILE *stream, const struct check *check, kernel_version version, bool refuses_here)
{
	const struct place *place = check_place(check, version);

	fprintf(stream, "  %s %-22s %s, %s in %s", refuses_here ? "=>" : "  ", check->name, err_name(check->error),
		place->function, place->file);
	if (check->knob[0])
		fprintf(stream, ", moved by %s", check->knob);
	fputc('\n', stream);
	wrap_print(stream, "       ", "       ", check->rule);
}

/* Checks that look at something this request does not ask for would only distract. */
static bool can_matter(const struct check *check, const struct request *request)
{
	bool charged = request->call == REQUEST_FORK || request_charged_pages(request, 2) > 0;

	if (strncmp(check->name, "rlimit-memlock", 14) == 0)
		return request->locked;
	if (strncmp(check->name, "rlimit-data", 11) == 0)
		return request_data_pages(request) > 0 && !request->over;
	if (strcmp(check->name, "rlimit-as") == 0)
		return !request->over;
	if (strcmp(check->name, "address-space") == 0)
		return !request->chosen && !request->over;
	return charged || strncmp(check->name, "commit-", 7) != 0;
}

static void print_checks(FILE *stream, const struct check *const *checks, const struct request *request,
			 const struct check *refusing, kernel_version version)
{
	for (; checks && *checks; checks++) {
		if (check_holds(*checks, version) && can_matter(*checks, request))
			print_check(stream, *checks, version, *checks == refusing);
	}
}

/* The checks of every call that an operation makes, in the order in which the kernel makes them. */
static void print_rules(FILE *stream, const struct result *result, kernel_version version)
{
	const struct operation *operation = &result->cell->operation;
	const struct prediction *prediction = &result->verdict.prediction;

	for (unsigned i = 0; i < operation->count; i++) {
		struct request request = request_sized(&operation->requests[i], 1);
		enum request_call call = request.call;
		bool here = result->verdict.predicted && prediction->refused &&
			    strcmp(prediction->call, request_call_name(call)) == 0;

		fprintf(stream, "  %s:\n", request_call_name(call));
		print_checks(stream, checks_of(call), &request, here ? prediction->check : NULL, version);
		print_checks(stream, split_checks_of(call), &request, here ? prediction->check : NULL, version);
	}
}

/* A program that cannot start makes none of these calls. */
static bool marks_one(const struct result *result)
{
	const struct prediction *prediction = &result->verdict.prediction;

	return result->verdict.predicted && prediction->refused && strcmp(prediction->call, "exec") != 0;
}

void lesson_print(FILE *stream, const struct result *result)
{
	const struct scenario *scenario = result->cell->scenario;
	kernel_version version = kernel_version_parse(result->run->host.facts.kernel);
	char predicted[256];

	fprintf(stream, "%s: %s\n\nWhat happens\n", scenario->name, scenario->summary);
	wrap_print(stream, "  ", "  ", scenario->lesson);
	fprintf(stream, "\nThe kernel's checks, in its order (Linux %d.%d%s)\n", version / 1000, version % 1000,
		marks_one(result) ? "; => is the one that refuses here" : "");
	print_rules(stream, result, version);
	fprintf(stream, "\nOn this host\n");
	if (result->verdict.predicted) {
		text_predicted_refusal(predicted, sizeof(predicted), result);
		fprintf(stream, "  %s\n", predicted);
		if (result->verdict.prediction.refused)
			fprintf(stream, "  because then %s\n", result->verdict.prediction.comparison.text);
		left_text(predicted, sizeof(predicted), result);
		if (predicted[0])
			fprintf(stream, "  and what that leaves is %s\n", predicted);
	} else {
		fprintf(stream, "  no prediction: %s\n", result->verdict.reason);
	}
	fprintf(stream, "\nWhat to do\n");
	wrap_print(stream, "  ", "  ", scenario->fix);
	fprintf(stream, "\nSee it: enomem run %s", scenario->name);
	for (unsigned i = 0; i < scenario->parameter_count; i++) {
		if (strcmp(result->cell->values[i], scenario->parameters[i].standard) != 0)
			fprintf(stream, " -p %s=%s", scenario->parameters[i].name, result->cell->values[i]);
	}
	fputc('\n', stream);
}
