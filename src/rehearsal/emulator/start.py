"""The AWS API emulator of the end-to-end suites: moto's server, with the gaps that matter here patched.

    python start.py [--port PORT]

Binds 127.0.0.1 only (port 0, the default, takes a free one) and prints `READY http://127.0.0.1:PORT` once it accepts
requests. It ends when its standard input is closed, so it never outlives the process that started it.

Each patch says what moto does and what AWS does instead. There are two kinds: answers that moto loses, which Terraform
would see as drift at every plan, and calls that AWS refuses and moto accepts, which would hide a wrong order or a clash.
"""

import argparse
import json
import logging
import os
import sys
import threading

import moto.cloudformation.parsing as cloudformation_parsing
from moto.acm.models import AWSCertificateManagerBackend
from moto.core.exceptions import AWSError
from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.security_groups import SecurityGroupBackend, SecurityGroupRule
from moto.ecs.exceptions import InvalidParameterException, ServiceNotFoundException
from moto.ecs.models import EC2ContainerServiceBackend, Service, ecs_backends
from moto.ecs.responses import EC2ContainerServiceResponse
from moto.elbv2.models import elbv2_backends
from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, IAMBackend
from moto.logs.responses import LogsResponse
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.route53.exceptions import ResourceRecordAlreadyExists
from moto.route53.models import Route53Backend
from werkzeug.serving import WSGIRequestHandler, make_server

DEPLOYMENT_DEFAULTS = {
    "deploymentCircuitBreaker": {"enable": False, "rollback": False},
    "maximumPercent": 200,
    "minimumHealthyPercent": 100,
}
CERTIFICATE_DEFAULTS = {"CertificateTransparencyLoggingPreference": "ENABLED", "Export": "DISABLED"}

MANAGED_POLICIES = ["AmazonECSInfrastructureRolePolicyForLoadBalancers"]


def patch_ecs_services() -> None:
    """What DescribeServices returns of a service."""
    create, update = EC2ContainerServiceResponse.create_service, EC2ContainerServiceBackend.update_service

    def create_service(self):
        _refuse_service(self)
        result = create(self)
        service = result.result["service"]
        # moto drops these parameters; AWS keeps them, and fills in the defaults.
        service.deployment_configuration = DEPLOYMENT_DEFAULTS | (self._get_param("deploymentConfiguration") or {})
        service.health_check_grace_period_seconds = self._get_param("healthCheckGracePeriodSeconds") or 0
        service.enable_ecs_managed_tags = bool(self._get_param("enableECSManagedTags"))
        service.enable_execute_command = bool(self._get_param("enableExecuteCommand"))
        service.availability_zone_rebalancing = self._get_param("availabilityZoneRebalancing") or "ENABLED"
        if service.launch_type == "FARGATE":
            service.platform_version = service.platform_version or "LATEST"
        _settle(service)
        return result

    def update_service(self, properties):
        # moto replaces the deployment configuration by what the update names; AWS keeps what it doesn't name.
        configuration = properties.pop("deployment_configuration", None) or {}
        service = update(self, properties)
        service.deployment_configuration = service.deployment_configuration | configuration
        # moto keeps a task definition as the caller wrote it ("family:1"); AWS returns its ARN.
        service.task_definition = self.describe_task_definition(service.task_definition).arn
        _settle(service)
        return service

    EC2ContainerServiceResponse.create_service = create_service
    EC2ContainerServiceBackend.update_service = update_service


def patch_service_deployments() -> None:
    """The deployments of a service, of which moto knows nothing. One that is forced, of a service that moves traffic,
    goes on until somebody stops it: on AWS it takes as long as its bake time, and no clock of a test waits for that.
    All others have ended, as their tasks have. Source: API reference of ECS, "ListServiceDeployments"."""
    update = EC2ContainerServiceResponse.update_service

    def update_service(self):
        result = update(self)
        service = result.result["service"]
        if self._get_param("forceNewDeployment") and service.deployment_configuration.get("strategy", "ROLLING") != "ROLLING":
            service.running_deployment = _deployment_of(service, "IN_PROGRESS")
        return result

    def list_service_deployments(self):
        service = _service_of(self)
        all_of = [getattr(service, "running_deployment", None) or _deployment_of(service, "SUCCESSFUL")]
        statuses = self._get_param("status") or [one["status"] for one in all_of]
        return ActionResult({"serviceDeployments": [one for one in all_of if one["status"] in statuses]})

    def stop_service_deployment(self):
        arn = self._get_param("serviceDeploymentArn")
        for service in self.ecs_backend.services.values():
            if (getattr(service, "running_deployment", None) or {}).get("serviceDeploymentArn") == arn:
                service.running_deployment = None
                return ActionResult({"serviceDeploymentArn": arn})
        raise InvalidParameterException(f"The service deployment {arn} cannot be stopped.")

    EC2ContainerServiceResponse.update_service = update_service
    EC2ContainerServiceResponse.list_service_deployments = list_service_deployments
    EC2ContainerServiceResponse.stop_service_deployment = stop_service_deployment


def _service_of(response: EC2ContainerServiceResponse) -> Service:
    cluster = response._get_param("cluster", "default").split("/")[-1]
    service = response.ecs_backend.services.get(f"{cluster}:{response._get_param('service').split('/')[-1]}")
    if not service or service.status != "ACTIVE":
        raise ServiceNotFoundException()
    return service


def _deployment_of(service: Service, status: str) -> dict[str, str]:
    last = service.deployments[-1]["id"].split("/")[-1]
    return {
        "serviceDeploymentArn": service.arn.replace(":service/", ":service-deployment/") + f"/{last}",
        "serviceArn": service.arn,
        "clusterArn": service.cluster_arn,
        "status": status,
    }


def _settle(service: Service) -> None:
    """Ends the deployment at once. moto never moves one on (and leaves it on the first task definition), so a wait for
    a steady state would never end; on AWS it ends when the tasks are healthy."""
    service.running_count, service.pending_count = service.desired_count, 0
    for deployment in service.deployments:
        deployment.update(
            desiredCount=service.desired_count,
            networkConfiguration=service.network_configuration,
            pendingCount=0,
            platformVersion=service.platform_version,
            rolloutState="COMPLETED",
            rolloutStateReason=f"ECS deployment {deployment['id']} completed.",
            runningCount=service.desired_count,
            taskDefinition=service.task_definition,
        )


def _refuse_service(response: EC2ContainerServiceResponse) -> None:
    """moto accepts all of these; AWS refuses them."""
    backend, name = response.ecs_backend, response._get_param("serviceName")
    cluster = response._get_param("cluster", "default").split("/")[-1]
    existing = backend.services.get(f"{cluster}:{name}")
    if existing and existing.status == "ACTIVE":
        raise InvalidParameterException("Creation of service was not idempotent.")
    definition = backend.describe_task_definition(response._get_param("taskDefinition"))
    if definition.status != "ACTIVE":
        raise InvalidParameterException("TaskDefinition is inactive")
    if definition.network_mode == "awsvpc" and not response._get_param("networkConfiguration"):
        raise InvalidParameterException(
            "Network Configuration must be provided when networkMode 'awsvpc' is specified."
        )
    target_groups = elbv2_backends[response.current_account][response.region].target_groups
    for balancer in response._get_param("loadBalancers") or []:
        arn, container, port = (balancer.get(key) for key in ("targetGroupArn", "containerName", "containerPort"))
        if arn and arn not in target_groups:
            raise InvalidParameterException(f"Unable to assume role and validate the specified targetGroupArn {arn}.")
        if arn and not target_groups[arn].load_balancer_arns:
            raise InvalidParameterException(
                f"The target group with targetGroupArn {arn} does not have an associated load balancer."
            )
        mappings = [
            mapping.get("containerPort")
            for definition_of in definition.container_definitions
            if definition_of["name"] == container
            for mapping in definition_of["portMappings"]
        ]
        if port not in mappings:
            raise InvalidParameterException(
                f"The container {container} did not have a container port {port} defined."
            )


def patch_security_groups() -> None:
    """The description and the peer of a rule that names a security group, and the deletion of a group in use."""
    modify = SecurityGroupBackend.modify_security_group_rules
    delete = SecurityGroupBackend._delete_security_group

    # moto looks for the description beside the CIDR only; AWS returns it for every kind of peer.
    def description(self):
        return self.ip_range.get("Description") or self.source_group.get("Description")

    # moto keeps a new description of such a rule beside a CIDR that the rule doesn't have, and ignores a new peer.
    def modify_security_group_rules(self, group_id, rules):
        modify(self, group_id, rules)
        for rule_id, wanted in rules.items():
            if peer := wanted.get("ReferencedGroupId"):
                rule = self.get_security_group_by_name_or_id(group_id).get_rule(rule_id)
                rule.ip_range = {}
                rule.source_group = {**rule.source_group, "GroupId": peer, "Description": wanted.get("Description", "")}

    # moto deletes a group that a service or another group's rule still uses; AWS refuses.
    def _delete_security_group(self, vpc_id, group_id):
        referenced = any(
            rule.source_group.get("GroupId") == group_id
            for groups in self.groups.values()
            for group in groups.values()
            if group.id != group_id
            for rule in group.ingress_rules + group.egress_rules
        )
        served = any(
            group_id in service.network_configuration.get("awsvpcConfiguration", {}).get("securityGroups", [])
            for service in ecs_backends[self.account_id][self.region_name].services.values()
            if service.status == "ACTIVE"
        )
        if referenced or served:
            raise EC2ClientError("DependencyViolation", f"resource {group_id} has a dependent object")
        return delete(self, vpc_id, group_id)

    SecurityGroupRule.description = property(description)
    SecurityGroupBackend.modify_security_group_rules = modify_security_group_rules
    SecurityGroupBackend._delete_security_group = _delete_security_group


def patch_certificates() -> None:
    """A certificate's options, and the deletion of one in use."""
    request, delete = AWSCertificateManagerBackend.request_certificate, AWSCertificateManagerBackend.delete_certificate

    # moto keeps only the options that the request names, and then fails to list the certificate; AWS fills in the rest.
    def request_certificate(self, *args, **kwargs):
        arn = request(self, *args, **kwargs)
        certificate = self._certificates[arn]
        certificate.cert_options = CERTIFICATE_DEFAULTS | certificate.cert_options
        return arn

    # moto deletes a certificate that a listener still uses; AWS refuses.
    def delete_certificate(self, arn):
        balancers = elbv2_backends[self.account_id][self.region_name].load_balancers.values()
        if any(arn in listener.certificates for balancer in balancers for listener in balancer.listeners.values()):
            raise ResourceInUse(f"Certificate {arn} in account {self.account_id} is in use.")
        return delete(self, arn)

    AWSCertificateManagerBackend.request_certificate = request_certificate
    AWSCertificateManagerBackend.delete_certificate = delete_certificate


def patch_records() -> None:
    """The creation of a record set that is there."""
    change = Route53Backend.change_resource_record_sets

    # moto looks for the same change in its journal, and for any record set that sorts after the new one: it refuses to
    # create what was deleted, and overwrites what is there with other values. AWS looks for the record set itself.
    def change_resource_record_sets(self, zoneid, change_list):
        zone = self.get_hosted_zone(zoneid)
        there = {(entry.name.rstrip("."), entry.type, entry.set_identifier) for entry in zone.rrsets}
        for item in change_list:
            wanted = item["ResourceRecordSet"]
            key = (wanted["Name"].rstrip("."), wanted["Type"], wanted.get("SetIdentifier"))
            if item["Action"] == "CREATE" and key in there:
                raise ResourceRecordAlreadyExists(name=key[0] + ".", _type=key[1])
            (there.discard if item["Action"] == "DELETE" else there.add)(key)
        for entry in zone.rr_changes:
            entry["Action"] = entry["Action"].replace("CREATE", "UPSERT")
        return change(self, zoneid, change_list)

    Route53Backend.change_resource_record_sets = change_resource_record_sets


def patch_log_groups() -> None:
    """The key of a log group that is there: moto knows only the one that the group was made with."""

    def associate_kms_key(self):
        self.logs_backend.groups[self._get_param("logGroupName")].kms_key_id = self._get_param("kmsKeyId")
        return "{}"

    def disassociate_kms_key(self):
        self.logs_backend.groups[self._get_param("logGroupName")].kms_key_id = None
        return "{}"

    LogsResponse.associate_kms_key = associate_kms_key
    LogsResponse.disassociate_kms_key = disassociate_kms_key


def patch_managed_policies() -> None:
    """The policies of AWS: moto has all of them, which takes long at every reset, or none. Here are those that a deployment attaches."""
    data = json.loads(aws_managed_policies_data)

    def _init_aws_policies(self):
        return [AWSManagedPolicy.from_data(name, self.account_id, self.region_name, data[name]) for name in MANAGED_POLICIES]

    IAMBackend._init_aws_policies = _init_aws_policies


class Existing:
    """A resource that is there already, as a stack's own: `Custom::Existing` with its type and its id."""

    def __init__(self, logical_id, resource_type, physical_id):
        self.logical_resource_id = logical_id
        self.type = self.cf_resource_type = resource_type
        self.id = self.physical_resource_id = physical_id

    def is_created(self):
        return True


def patch_stacks() -> None:
    """The resources of a stack that were made by themselves: moto's stacks know only what they made, and make too little."""
    create = cloudformation_parsing.parse_and_create_resource

    def parse_and_create_resource(logical_id, resource_json, *args, **others):
        if resource_json["Type"] != "Custom::Existing":
            return create(logical_id, resource_json, *args, **others)
        properties = resource_json["Properties"]
        return Existing(logical_id, properties["Type"], properties["Id"])

    cloudformation_parsing.parse_and_create_resource = parse_and_create_resource


class ResourceInUse(AWSError):
    TYPE = "ResourceInUseException"


def one_at_a_time(application):
    """moto's models are plain dictionaries that handlers iterate over, and Terraform sends ten requests at once: one
    lock around the whole application keeps "dictionary changed size during iteration" out."""
    lock = threading.Lock()

    def locked(environ, start_response):
        with lock:
            return application(environ, start_response)

    return locked


def end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=0)
    port = parser.parse_args().port

    patch_ecs_services()
    patch_service_deployments()
    patch_security_groups()
    patch_certificates()
    patch_records()
    patch_log_groups()
    patch_stacks()
    patch_managed_policies()

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    # Header and body leave in two writes: with Nagle's algorithm on, the second waits 40 ms for the first one's receipt.
    WSGIRequestHandler.disable_nagle_algorithm = True
    application = one_at_a_time(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", port, application, threaded=True)
    threading.Thread(target=end_with_parent, daemon=True).start()
    print(f"READY http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
