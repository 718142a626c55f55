package org.redisbackup.app;

import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.redisbackup.task.TaskResult;

/** Adds the result of a file to those of its task that came before. */
final class FileResults implements AggregationStrategy {
    @Override
    public Exchange aggregate(Exchange before, Exchange file) {
        if (before == null) {
            return file;
        }
        TaskResult together = before.getMessage()
                .getBody(TaskResult.class)
                .plus(file.getMessage().getBody(TaskResult.class));
        before.getMessage().setBody(together);
        return before;
    }
}
