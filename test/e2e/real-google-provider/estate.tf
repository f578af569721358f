# One of each resource that the sandbox's services know, for Google's own provider. `rev` changes what can be changed.

terraform {
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "6.50.0"
    }
  }
}

provider "google" {
  add_terraform_attribution_label = false
}

variable "rev" {
  default = 1
}

locals {
  text    = "revision ${var.rev}"
  billing = "012345-567890-ABCDEF"
  project = google_project.this.project_id
}

resource "google_folder" "this" {
  display_name        = "staging ${var.rev}"
  parent              = "organizations/123456789012"
  deletion_protection = false
}

resource "google_project" "this" {
  project_id          = "oss-staging-sample"
  name                = "oss-staging-sample"
  folder_id           = google_folder.this.folder_id
  billing_account     = local.billing
  auto_create_network = false
  deletion_policy     = "DELETE"
  labels              = { revision = tostring(var.rev) }
}

resource "google_project_service" "this" {
  for_each           = toset(["artifactregistry", "cloudbuild", "essentialcontacts", "cloudkms"])
  project            = local.project
  service            = "${each.key}.googleapis.com"
  disable_on_destroy = false
}

resource "google_project_default_service_accounts" "this" {
  project        = local.project
  action         = "DEPRIVILEGE"
  restore_policy = "REVERT"
  depends_on     = [google_project_service.this]
}

resource "google_resource_manager_lien" "this" {
  parent       = "projects/${google_project.this.number}"
  restrictions = ["resourcemanager.projects.delete"]
  origin       = "oss-infra"
  reason       = "kept"
}

resource "google_service_account" "builder" {
  project      = local.project
  account_id   = "builder"
  display_name = local.text
}

resource "google_service_account_iam_member" "user" {
  service_account_id = google_service_account.builder.name
  role               = "roles/iam.serviceAccountUser"
  member             = "group:${google_cloud_identity_group.this.group_key[0].id}"
}

resource "google_project_iam_custom_role" "lister" {
  project     = local.project
  role_id     = "Lister"
  title       = local.text
  permissions = ["serviceusage.services.list"]
}

resource "google_project_iam_member" "lister" {
  project = local.project
  role    = google_project_iam_custom_role.lister.name
  member  = google_service_account.builder.member
}

resource "google_project_iam_member" "temporary" {
  project = local.project
  role    = "roles/viewer"
  member  = "user:alice@example.org"
  condition {
    title      = "temporary"
    expression = "request.time < timestamp(\"2040-01-01T00:00:00Z\")"
  }
}

resource "google_project_iam_audit_config" "this" {
  project = local.project
  service = "storage.googleapis.com"
  audit_log_config {
    log_type = var.rev == 1 ? "DATA_WRITE" : "DATA_READ"
  }
}

resource "google_iam_workload_identity_pool" "this" {
  project                   = local.project
  workload_identity_pool_id = "builds"
  display_name              = local.text
}

resource "google_iam_workload_identity_pool_provider" "this" {
  project                            = local.project
  workload_identity_pool_id          = google_iam_workload_identity_pool.this.workload_identity_pool_id
  workload_identity_pool_provider_id = "actions"
  display_name                       = local.text
  attribute_mapping                  = { "google.subject" = "assertion.sub" }
  oidc {
    issuer_uri = "https://token.example.org"
  }
}

resource "google_artifact_registry_repository" "images" {
  project       = local.project
  location      = "us"
  repository_id = "images"
  format        = "DOCKER"
  description   = local.text
  cleanup_policies {
    id     = "old"
    action = "DELETE"
    condition {
      older_than = "${var.rev * 30}d"
    }
  }
  depends_on = [google_project_service.this]
}

resource "google_artifact_registry_repository_iam_member" "writer" {
  project    = local.project
  location   = google_artifact_registry_repository.images.location
  repository = google_artifact_registry_repository.images.name
  role       = "roles/artifactregistry.writer"
  member     = google_service_account.builder.member
}

resource "google_essential_contacts_contact" "this" {
  parent                              = "projects/${google_project.this.number}"
  email                               = "ops@example.org"
  language_tag                        = "en"
  notification_category_subscriptions = var.rev == 1 ? ["SECURITY"] : ["ALL"]
  depends_on                          = [google_project_service.this]
}

resource "google_monitoring_notification_channel" "this" {
  project      = local.project
  display_name = local.text
  type         = "email"
  labels       = { email_address = "ops@example.org" }
}

resource "google_billing_budget" "this" {
  billing_account = local.billing
  display_name    = local.text
  budget_filter {
    projects = ["projects/${google_project.this.number}"]
  }
  amount {
    specified_amount {
      currency_code = "USD"
      units         = "100"
    }
  }
  threshold_rules {
    threshold_percent = 0.5
  }
  all_updates_rule {
    monitoring_notification_channels = [google_monitoring_notification_channel.this.name]
  }
}

resource "google_cloudbuild_trigger" "push" {
  project     = local.project
  name        = "push"
  location    = "global"
  description = local.text
  filename    = "cloudbuild.yaml"
  github {
    owner = "example"
    name  = "sample"
    push {
      branch = "^main$"
    }
  }
  depends_on = [google_project_service.this]
}

resource "google_storage_bucket" "this" {
  project                     = local.project
  name                        = "oss-staging-sample"
  location                    = "US"
  uniform_bucket_level_access = true
  labels                      = { revision = tostring(var.rev) }
}

resource "google_compute_global_address" "cdn" {
  project = local.project
  name    = "cdn"
}

resource "google_compute_backend_bucket" "cdn" {
  project     = local.project
  name        = "cdn"
  bucket_name = google_storage_bucket.this.name
  description = local.text
}

resource "google_compute_url_map" "cdn" {
  project         = local.project
  name            = "cdn"
  description     = local.text
  default_service = google_compute_backend_bucket.cdn.id
}

resource "google_compute_managed_ssl_certificate" "cdn" {
  project = local.project
  name    = "cdn"
  managed {
    domains = ["cdn.example.org"]
  }
}

resource "google_compute_target_https_proxy" "cdn" {
  project          = local.project
  name             = "cdn"
  url_map          = google_compute_url_map.cdn.id
  ssl_certificates = [google_compute_managed_ssl_certificate.cdn.id]
}

resource "google_compute_global_forwarding_rule" "cdn" {
  project               = local.project
  name                  = "cdn"
  target                = google_compute_target_https_proxy.cdn.id
  port_range            = "443"
  ip_address            = google_compute_global_address.cdn.id
  load_balancing_scheme = "EXTERNAL_MANAGED"
}

resource "google_cloud_identity_group" "this" {
  parent       = "customers/C00000000"
  display_name = local.text
  group_key {
    id = "oss-infra-staging-sample@example.org"
  }
  labels = { "cloudidentity.googleapis.com/groups.discussion_forum" = "" }
  lifecycle {
    # The provider doesn't read it back, and would replace an imported group for it.
    ignore_changes = [initial_group_config]
  }
}

resource "google_cloud_identity_group_membership" "alice" {
  group = google_cloud_identity_group.this.id
  preferred_member_key {
    id = "alice@example.com"
  }
  roles {
    name = "MEMBER"
  }
  dynamic "roles" {
    for_each = var.rev == 1 ? [] : ["MANAGER"]
    content {
      name = roles.value
    }
  }
}
