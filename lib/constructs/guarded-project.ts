import { Project } from "@cdktf/provider-google/lib/project";
import { ProjectDefaultServiceAccounts } from "@cdktf/provider-google/lib/project-default-service-accounts";
import { ProjectService } from "@cdktf/provider-google/lib/project-service";
import { ResourceManagerLien } from "@cdktf/provider-google/lib/resource-manager-lien";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { serviceKey } from "../model/address-keys";
import { bringsDefaultAccounts, defaultAccountsKey } from "../model/default-accounts";
import { LIEN_ORIGIN, type ProjectRecipe } from "../model/recipe";

/** A project with its services, default service accounts without rights, and guards against deletion. */
export class GuardedProject extends Construct {
  readonly projectId: string;

  /** E.g. `projects/123456789012`, where Google wants the number. */
  readonly numberedName: string;

  /** What has to be done before anything in the project is used: it comes after every service. */
  readonly isReady: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, recipe: ProjectRecipe) {
    super(scope, id);
    const project = new Project(this, "project", {
      projectId: recipe.projectId,
      name: recipe.projectId,
      billingAccount: recipe.billingAccount,
      autoCreateNetwork: true,
      deletionPolicy: recipe.isGuarded ? "PREVENT" : "DELETE",
      // Without it, destroying the stack would empty the project before the provider refuses the project itself.
      ...(recipe.isGuarded ? { lifecycle: { preventDestroy: true } } : {}),
      ...(recipe.organization === undefined ? {} : { orgId: recipe.organization }),
      ...(recipe.folder === undefined ? {} : { folderId: recipe.folder }),
      ...(Object.keys(recipe.labels).length === 0 ? {} : { labels: { ...recipe.labels } }),
    });
    this.projectId = project.projectId;
    this.numberedName = `projects/${project.number}`;
    const services = recipe.services.map((service) => this.enable(service));
    this.isReady = this.deprivilege(services);
    if (recipe.isGuarded) this.guard();
  }

  private enable(service: string): ProjectService {
    return new ProjectService(this, serviceKey(service), {
      project: this.projectId,
      service,
      disableOnDestroy: false,
      disableDependentServices: false,
    });
  }

  /** They come into being with some services and would be editors of the whole project. */
  private deprivilege(services: readonly ProjectService[]): readonly ITerraformDependable[] {
    const made = [this.deprivilegeOnce("default", services)];
    // It is done once: the accounts of a service that is enabled later are waited for by a resource of their own. One after
    // another: each reads and writes the project's policy, and the provider does not try again when another one was quicker.
    for (const service of services.filter(({ serviceInput = "" }) => bringsDefaultAccounts(serviceInput))) {
      made.push(this.deprivilegeOnce(defaultAccountsKey(service.serviceInput ?? ""), [service, ...made.slice(-1)]));
    }
    return made;
  }

  private deprivilegeOnce(id: string, dependsOn: readonly ITerraformDependable[]): ProjectDefaultServiceAccounts {
    return new ProjectDefaultServiceAccounts(this, id, {
      project: this.projectId,
      action: "DEPRIVILEGE",
      restorePolicy: "NONE",
      dependsOn: [...dependsOn],
    });
  }

  private guard(): void {
    new ResourceManagerLien(this, "deletion", {
      parent: this.numberedName,
      restrictions: ["resourcemanager.projects.delete"],
      origin: LIEN_ORIGIN,
      reason: "Declared in infra.yaml; only a retirement there releases it",
    });
  }
}
