/* What a cell's configuration makes of the run's isolation. */
#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>

#include "environment/isolation.h"
#include "plan/environment_choice.h"

/* Only root has another uid to give, and capabilities that count outside of a user namespace. */
static int need_root(const struct isolation *all, const struct setting *setting, struct err *err)
{
	if (all->drops_uid)
		return 0;
	err_set(err, EPERM, "cannot set %s: only root can", setting->knob->name);
	return err_advise(err, "run it as root, or leave %s out", setting->knob->name);
}

static int set_uid(const struct setting *setting, enum environment_id environment, struct isolation *ret,
		   struct err *err)
{
	if (setting->value != ret->uid && need_root(ret, setting, err) < 0)
		return -EPERM;
	if (setting->value == 0 && environment == ENVIRONMENT_NS) {
		err_set(err, EPERM, "cannot set uid 0 in environment %s", environment_word(environment));
		return err_advise(err, "root may write vm.*, so only the environments host and vm have it");
	}
	if (setting->value == 0)
		ret->namespaces &= ~(uint64_t)CLONE_NEWUSER;
	ret->uid = (uid_t)setting->value;
	ret->gid = ret->drops_uid ? (gid_t)setting->value : ret->gid;
	return 0;
}

static int set_ipc(const struct setting *setting, char *ret, size_t size, const struct isolation *all, struct err *err)
{
	int status = need_root(all, setting, err);

	if (status < 0)
		return status;
	if (!(all->namespaces & CLONE_NEWIPC)) {
		err_set(err, EPERM, "cannot set %s: the cell has no ipc namespace of its own", setting->knob->name);
		return err_advise(err, "use --isolation=namespaces to see what refuses it");
	}
	snprintf(ret, size, "%" PRIu64, setting->value);
	return 0;
}

int isolation_of_cell(const struct isolation *all, const struct configuration *configuration,
		      enum environment_id environment, struct isolation *ret, struct err *err)
{
	const struct setting *caps = configuration_find(configuration, KNOB_CAPS);
	const struct setting *uid = configuration_find(configuration, KNOB_UID);
	const struct setting *shmall = configuration_find(configuration, KNOB_SHMALL);
	const struct setting *shmmax = configuration_find(configuration, KNOB_SHMMAX);
	struct isolation isolation = *all;
	int status = 0;

	if (caps && caps->value) {
		status = need_root(all, caps, err);
		isolation.capabilities = caps->value;
		/* In a user namespace of its own they would not count where the kernel asks for them. */
		isolation.namespaces &= ~(uint64_t)CLONE_NEWUSER;
	}
	if (status == 0 && uid)
		status = set_uid(uid, environment, &isolation, err);
	if (status == 0 && shmall)
		status = set_ipc(shmall, isolation.shmall, sizeof(isolation.shmall), all, err);
	if (status == 0 && shmmax)
		status = set_ipc(shmmax, isolation.shmmax, sizeof(isolation.shmmax), all, err);
	if (status == 0)
		*ret = isolation;
	return status;
}
