package dev.precept.streams.maintenance;

import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** Whether a process belongs to a group. A fixed member that ended belongs to it until its session time-out is over. */
public final class GroupMembers {
    private GroupMembers() {}

    public static boolean hasMembers(Admin admin, String group) throws ExecutionException, InterruptedException {
        try {
            ConsumerGroupDescription found =
                    admin.describeConsumerGroups(List.of(group)).all().get().get(group);
            return found != null && !found.members().isEmpty();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return false;
            }
            throw e;
        }
    }
}
