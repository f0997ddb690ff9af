"""Brokers and queues."""

from __future__ import annotations

from typing import Any

import pytest

from components.aws import DEFINITION
from components.aws.message_queue.versions import broker_version

from ..harness import Built, build, declare, run_of

BROKER, QUEUE = "aws:mq/broker:Broker", "aws:sqs/queue:Queue"


def _queue(**properties: Any) -> Built:
    return build(DEFINITION, run_of(declare("message_queue", properties)))


@pytest.mark.parametrize(
    ("asked", "used"),
    [
        ("3.13", "3.13"),
        ("3.12", "3.13"),
        ("3.8", "3.13"),
        ("3.13.7", "3.13"),
        ("3.99", "3.13"),
        ("3", "3.13"),
        ("4", "4.2"),
        ("4.0", "4.2"),
        ("4.3", "4.2"),
        ("5.1", "4.2"),
        ("2.8", "3.13"),
    ],
)
def test_a_broker_gets_the_next_version_of_its_major(asked: str, used: str) -> None:
    assert broker_version(asked) == used
    assert _queue(engine="rabbitmq", version=asked).one(BROKER).inputs["engineVersion"] == used


def test_a_broker_stands_in_one_subnet_or_in_all() -> None:
    alone = _queue(engine="rabbitmq", version="3.13").one(BROKER).inputs
    assert (alone["deploymentMode"], alone["subnetIds"]) == ("SINGLE_INSTANCE", ["subnet-a"])
    several = _queue(engine="rabbitmq", version="3.13", high_availability=True).one(BROKER).inputs
    assert several["deploymentMode"] == "CLUSTER_MULTI_AZ"
    assert several["subnetIds"] == ["subnet-a", "subnet-b", "subnet-c"]


def test_the_platform_makes_a_password_where_none_is_given() -> None:
    made = _queue(engine="rabbitmq", version="3.13").one("platform:index:Password")
    assert made.inputs == {"length": 32, "special": False, "keepers": {}}
    given = _queue(engine="rabbitmq", version="3.13", password="canary-own")
    assert "platform:index:Password" not in given.types()


def test_a_new_password_means_a_new_broker() -> None:
    options = _queue(engine="rabbitmq", version="3.13").one(BROKER).options
    # The id of what stores the password: a plan knows that it is gone, and the broker with it, before there is another.
    assert options["replacementTrigger"].startswith("thing-credentials-")
    assert options["deleteBeforeReplace"] is True


def test_sqs_needs_no_network_and_is_bound_to_none() -> None:
    """Or a change of the network would be said to reach the queue, and everyone who uses that."""
    binding = DEFINITION.bindings["message_queue"]
    queue, broker = (
        declare("message_queue", declared).properties
        for declared in ({"engine": "sqs"}, {"engine": "rabbitmq", "version": "3.13"})
    )
    assert (binding.requires(queue), binding.unused(queue)) == ((), ("network",))
    assert (binding.requires(broker), binding.unused(broker)) == (("network",), ())


def test_an_ordered_queue_is_named_as_sqs_wants_it() -> None:
    plain, ordered = _queue(engine="sqs"), _queue(engine="sqs", fifo=True, visibility_timeout="2m", retention="24h")
    assert "fifoQueue" not in plain.one(QUEUE).inputs
    inputs = ordered.one(QUEUE).inputs
    assert inputs["fifoQueue"] is True
    assert inputs["name"].endswith(".fifo")
    assert (inputs["visibilityTimeoutSeconds"], inputs["messageRetentionSeconds"]) == (120, 86400)
    assert plain.outputs["credential_ref"] == ""
